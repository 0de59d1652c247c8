import type { Gain } from "./gain.ts";
import { plural, signed, signedInterval, stageName } from "./number-format.ts";

export interface Verdict {
  readonly tone: "gain" | "loss" | "open";
  readonly sentence: string;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One gain in plain words, with its interval and what may be said of it. */
export function verdictOf({ measure, n, difference, ci95, isGain, ...stages }: Gain): Verdict {
  const [from, to] = [stageName(stages.from), stageName(stages.to)];
  if (difference === null)
    return {
      tone: "open",
      sentence: `${capital(to)} and ${from} share no scored question: nothing can be said of ${measure} exact match.`,
    };
  const change = `${capital(to)} changed ${measure} exact match against ${from} by ${signed(difference)}`;
  if (ci95 === null)
    return { tone: "open", sentence: `${change} on ${plural(n, "question")}: too few for an interval, so not a gain.` };
  const basis = `${change}, 95 % interval ${signedInterval(ci95)}, on ${plural(n, "question")}`;
  if (isGain) return { tone: "gain", sentence: `${basis}: a gain.` };
  if (ci95.high < 0) return { tone: "loss", sentence: `${basis}: a loss.` };
  return { tone: "open", sentence: `${basis}: not a gain, as the interval includes 0.` };
}
