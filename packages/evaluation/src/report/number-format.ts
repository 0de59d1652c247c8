import type { Interval } from "@litmus/algorithms";

/** What stands where there is no value. */
export const none = "–";

/** A figure with so many decimals; {@link none} for null and for what is not finite. */
export function decimal(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return none;
  return value.toFixed(digits).replace("-", "−");
}

/** As {@link decimal}, with its sign. */
export function signed(value: number | null, digits = 3): string {
  return value !== null && value > 0 ? `+${decimal(value, digits)}` : decimal(value, digits);
}

/** "0.213 – 0.447" */
export const interval = (ci95: Interval | null): string =>
  ci95 === null ? none : `${decimal(ci95.low)} – ${decimal(ci95.high)}`;

/** "−0.020 to +0.080" */
export const signedInterval = (ci95: Interval | null): string =>
  ci95 === null ? none : `${signed(ci95.low)} to ${signed(ci95.high)}`;

/** Whole numbers with thin spaces between thousands; others with up to two decimals. */
export function count(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return none;
  const [whole = "", fraction] = (Number.isInteger(value) ? String(Math.abs(value)) : Math.abs(value).toFixed(1)).split(
    ".",
  );
  const grouped = whole.replace(/(?<=\d)(?=(?:\d{3})+$)/gu, "\u2009");
  return `${value < 0 ? "−" : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** A small or large figure in powers of ten: 2.5e−4. */
export const scientific = (value: number | null): string =>
  value === null || !Number.isFinite(value) ? none : value === 0 ? "0" : value.toExponential(1).replaceAll("-", "−");

/** 1 question, 2 questions. */
export const plural = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;

/** A stage as people write it: "grpo-2" is "GRPO-2". */
export const stageName = (stage: string): string =>
  stage.replace(/^(?:sft|grpo|dpo)(?![a-z])/u, (name) => name.toUpperCase());
