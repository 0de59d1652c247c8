/** @file Colour steps of the token view. They are the same for every trajectory, so that two of them can be compared by eye. */
import type { TokenMode } from "../search.ts";
import type { TokenFacts } from "./token-facts.ts";

/**
 * How a token is painted; the style sheet has one look for each, of a colour and a pattern. `low1` to `low4`: ever less likely;
 * `minus3` to `plus3`: from far below zero to far above.
 */
export type TokenStep =
  | "high"
  | "low1"
  | "low2"
  | "low3"
  | "low4"
  | "minus3"
  | "minus2"
  | "minus1"
  | "zero"
  | "plus1"
  | "plus2"
  | "plus3"
  | "trained"
  | "masked"
  | "none";

export interface LegendEntry {
  readonly step: TokenStep;
  readonly label: string;
}

/** Least probability of each step but the last. */
const likely = [
  { step: "high", from: 0.9, label: "90 % and more" },
  { step: "low1", from: 0.5, label: "50–90 %" },
  { step: "low2", from: 0.1, label: "10–50 %" },
  { step: "low3", from: 0.01, label: "1–10 %" },
] as const;

interface Diverging {
  /** Magnitudes at which the three steps begin. */
  readonly bounds: readonly [number, number, number];
  readonly unit: string;
}

const advantageScale: Diverging = { bounds: [1e-9, 0.1, 0.5], unit: "" };
const differenceScale: Diverging = { bounds: [0.01, 0.1, 0.5], unit: " nats" };

/** How a token is painted in a mode. */
export function tokenStep(
  mode: TokenMode,
  facts: Pick<TokenFacts, "kind" | "logProb" | "advantage" | "difference">,
): TokenStep {
  switch (mode) {
    case "log-probability":
      return likelyStep(facts.logProb);
    case "advantage":
      return divergingStep(facts.advantage, advantageScale);
    case "difference":
      return divergingStep(facts.difference, differenceScale);
    case "mask":
      return facts.kind === "action" ? "trained" : "masked";
    default:
      return mode satisfies never;
  }
}

/** What the paints of a mode mean, in their order. */
export function tokenLegend(mode: TokenMode): readonly LegendEntry[] {
  switch (mode) {
    case "log-probability":
      return [
        ...likely.map(({ step, label }) => ({ step, label })),
        { step: "low4", label: "under 1 %" },
        { step: "none", label: "not sampled" },
      ];
    case "advantage":
      return [...divergingLegend(advantageScale), { step: "none", label: "not learned from" }];
    case "difference":
      return [...divergingLegend(differenceScale), { step: "none", label: "not measured" }];
    case "mask":
      return [
        { step: "trained", label: "sampled by the policy: trained" },
        { step: "masked", label: "retrieved and system tokens: not trained" },
      ];
    default:
      return mode satisfies never;
  }
}

function likelyStep(logProb: number | null): TokenStep {
  if (logProb === null) return "none";
  const probability = Math.exp(logProb);
  return likely.find(({ from }) => probability >= from)?.step ?? "low4";
}

function divergingStep(value: number | null, { bounds }: Diverging): TokenStep {
  if (value === null) return "none";
  const level = bounds.filter((bound) => Math.abs(value) >= bound).length;
  if (level === 0) return "zero";
  return `${value < 0 ? "minus" : "plus"}${level as 1 | 2 | 3}`;
}

function divergingLegend({ bounds: [first, second, third], unit }: Diverging): LegendEntry[] {
  const smallest = first < 0.001 ? "0" : String(first);
  const ranges = [`${smallest} to ${second}${unit}`, `${second} to ${third}${unit}`, `${third}${unit} and more`];
  const side = (sign: "minus" | "plus", text: string): LegendEntry[] =>
    ranges.map((range, i) => ({ step: `${sign}${(i + 1) as 1 | 2 | 3}`, label: `${text} by ${range}` }));
  return [
    ...side("minus", "below").toReversed(),
    { step: "zero", label: first < 0.001 ? "0" : `under ${smallest}${unit}` },
    ...side("plus", "above"),
  ];
}
