/** What a measurement is compared by. */
export type Statistic = "median" | "p95" | "max" | "min";

/** A measured figure beside its bar. */
export interface Figure {
  readonly name: string;
  readonly unit: "ms" | "MB" | "frames/s";
  readonly samples: readonly number[];
  readonly statistic: Statistic;
  /** The most that is allowed; of frames a second the least. */
  readonly bar: number;
}

/** The value of a share of the samples, in [0, 1], nearest rank. @throws RangeError without a sample */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("nothing was measured");
  return value;
}

const shares: Readonly<Record<Statistic, number>> = { min: 0, median: 0.5, p95: 0.95, max: 1 };

export const valueOf = ({ samples, statistic }: Figure): number => quantile(samples, shares[statistic]);

/** Whether the bar is met. */
export function isMet(figure: Figure): boolean {
  return figure.unit === "frames/s" ? valueOf(figure) >= figure.bar : valueOf(figure) <= figure.bar;
}

/** One line for people: the least, the median, the most, and the value that counts beside its bar. */
export function describeFigure(figure: Figure): string {
  const { name, unit, samples, statistic, bar } = figure;
  const round = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0));
  const spread = [0, 0.5, 1].map((share) => round(quantile(samples, share))).join(" / ");
  const verdict = isMet(figure) ? "met   " : "MISSED";
  const sign = unit === "frames/s" ? "≥" : "≤";
  return `${verdict} ${name}: ${statistic} ${round(valueOf(figure))} ${unit}, bar ${sign} ${bar} (${spread}, n = ${samples.length})`;
}
