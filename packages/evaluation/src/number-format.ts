import type { Interval } from "@litmus/algorithms";

const none = "–";

/** A difference with its sign and three decimals; {@link none} for null and for what is not finite. */
export function signed(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return none;
  return `${value > 0 ? "+" : ""}${value.toFixed(3).replace("-", "−")}`;
}

/** "−0.020 to +0.080" */
export const signedInterval = ({ low, high }: Interval): string => `${signed(low)} to ${signed(high)}`;

/** 1 question, 2 questions, 1 200 questions with a thin space between thousands. */
export function plural(count: number, noun: string): string {
  const grouped = String(count).replace(/(?<=\d)(?=(?:\d{3})+$)/gu, "\u2009");
  return `${grouped} ${noun}${count === 1 ? "" : "s"}`;
}

/** A stage as people write it: "grpo-2" is "GRPO-2". */
export const stageName = (stage: string): string =>
  stage.replace(/^(?:sft|grpo|dpo)(?![a-z])/u, (name) => name.toUpperCase());
