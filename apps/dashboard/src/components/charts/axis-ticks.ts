import { formatNumber } from "../../format/number.ts";

/** At most so many round values (1, 2 or 5 times a power of ten) within a range, ascending. */
export function axisTicks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The ticks in words. Plain numbers get as many decimals as their distance needs, all of them the same. */
export function tickLabels(ticks: readonly number[], format: (tick: number) => string): string[] {
  if (format !== formatNumber) return ticks.map(format);
  const decimals = [0, 1, 2, 3, 4, 5].find((most) => ticks.every((tick) => isWritten(tick, most))) ?? 6;
  return ticks.map((tick) => formatNumber(tick, decimals));
}

/** Whether so many decimals say all of it, but for the last bits. */
const isWritten = (value: number, decimals: number): boolean =>
  Math.abs(value - Number(value.toFixed(decimals))) <= Math.abs(value) * 1e-9;
