import type { NumberFormat } from "../../format/number.ts";

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

/**
 * The ticks in words: with as few decimals as say all of them and tell any two apart, all of them the same. What six decimals
 * cannot say is written as the format does it by itself.
 */
export function tickLabels(ticks: readonly number[], format: NumberFormat): string[] {
  const options = [0, 1, 2, 3, 4, 5, 6].map((decimals) => ticks.map((tick) => format(tick, decimals)));
  const finest = ticks.map((tick) => format(tick, 9));
  const isExact = (labels: readonly string[]): boolean =>
    labels.every((label, i) => saysAll(label, finest[i] ?? label));
  const plain = ticks.map((tick) => format(tick));
  return (
    options.find((labels) => areDistinct(labels) && isExact(labels)) ?? [plain, ...options].find(areDistinct) ?? plain
  );
}

const areDistinct = (labels: readonly string[]): boolean => new Set(labels).size === labels.length;

/** Whether more decimals would say no more; labels of another form, as `4 min 05 s` beside `245.0 s`, are not held against it. */
function saysAll(label: string, finest: string): boolean {
  if (formOf(label) !== formOf(finest)) return true;
  return Math.abs(digitsOf(label) - digitsOf(finest)) <= digitsOf(finest) * 1e-9;
}

const formOf = (label: string): string => label.replaceAll(/[\d.,]/gu, "");
const digitsOf = (label: string): number => Number(label.replaceAll(/[^\d.]/gu, ""));
