/** A linear scale from values to pixels, with round ticks. */
export interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
  /** Decimals that tell neighbouring ticks apart. */
  readonly digits: number;
}

export interface ScaleInput {
  readonly low: number;
  readonly high: number;
  /** Pixels of `low` and `high`. */
  readonly from: number;
  readonly to: number;
  readonly ticks?: number;
}

function stepOf(span: number, ticks: number): number {
  const rough = span / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((unit) => unit * power >= rough) ?? 10) * power;
}

/** Widened to round ticks; a range of one value is widened around it. */
export function createScale({ low, high, from, to, ticks = 4 }: ScaleInput): Scale {
  const [start, end] = high - low > 1e-12 ? [low, high] : [low - 0.5, high + 0.5];
  const step = stepOf(end - start, ticks);
  const first = Math.floor(start / step + 1e-9);
  const last = Math.ceil(end / step - 1e-9);
  const values = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const at = (value: number): number => from + ((value - first * step) / ((last - first) * step)) * (to - from);
  return { ticks: values, at, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}
