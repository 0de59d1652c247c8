import type { Interval } from "@litmus/algorithms";
import type { StageEvaluation } from "@litmus/evaluation";
import type { RunResult } from "@litmus/experiment";
import type { JsonLine } from "../output/json-line.ts";
import { evaluationLine } from "../output/run-lines.ts";
import type { RunResources } from "./run-resources.ts";

interface RunEnd {
  readonly runId: string;
  /** Null where none could be written. */
  readonly reportPath: string | null;
  readonly result: RunResult;
  readonly resources: RunResources;
}

const round = (value: number, digits = 4): number => Number(value.toFixed(digits));

/** The last line of a run, for scripts. */
export function runEndLine({ runId, reportPath, result, resources }: RunEnd): JsonLine {
  return {
    type: "run-end",
    runId,
    seconds: round(resources.seconds, 1),
    downloadSeconds: round(resources.downloadSeconds, 1),
    peakRssGiB: round(resources.peakRssGiB, 2),
    report: reportPath,
    evaluations: result.evaluations.map(evaluationFields),
    gains: result.gains.map(({ from, to, measure, difference, ci95 }) => ({
      from,
      to,
      measure,
      difference,
      ci95: ci95 === null ? null : bounds(ci95),
    })),
    steps: result.steps.map(({ step, reward, exactMatch, meanKl, tokens, seconds }) => ({
      step,
      reward: round(reward),
      exactMatch: round(exactMatch),
      meanKl,
      tokens,
      seconds: round(seconds, 1),
    })),
  };
}

const bounds = ({ low, high }: Interval): [number, number] => [low, high];

function evaluationFields({ stage, step, split, result }: StageEvaluation): Record<string, unknown> {
  const { n, exactMatch, ci95, sampled } = result;
  const sampledFields =
    sampled === null ? null : { k: sampled.k, exactMatch: sampled.exactMatch, ci95: bounds(sampled.ci95) };
  return { stage, step, split, n, exactMatch, ci95: bounds(ci95), sampled: sampledFields };
}

/** The same for people. */
export function runEndText({ runId, reportPath, result, resources }: RunEnd): string {
  const minutes = (resources.seconds / 60).toFixed(1);
  return [
    `run ${runId} ended after ${minutes} minutes, ${resources.peakRssGiB.toFixed(1)} GiB at most`,
    ...result.evaluations.map((evaluation) => `  ${evaluationLine(evaluation)}`),
    ...result.gains.map((gain) => `  ${gainText(gain)}`),
    reportPath === null ? `no report: npx litmus report ${runId} writes it` : `report: ${reportPath}`,
    'ask it: npx litmus ask "…"',
  ].join("\n");
}

/** Never called a gain where the interval holds 0. */
export function gainText({ from, to, measure, difference, ci95 }: RunResult["gains"][number]): string {
  const points = (value: number): string => `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(1)}`;
  if (difference === null || ci95 === null)
    return `${from} → ${to}, ${measure}: too few questions in common to compare`;
  const verdict = ci95.low > 0 ? "a gain" : ci95.high < 0 ? "a loss" : "no difference that these questions can show";
  return `${from} → ${to}, ${measure}: ${points(difference)} points (95 % interval ${points(ci95.low)} to ${points(ci95.high)}): ${verdict}`;
}
