export interface ChiSquareResult {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** By the Wilson–Hilferty approximation, within a tenth of itself down to 0.001 from 10 degrees of freedom on. */
  readonly pValue: number;
}

const fewestExpected = 5;

/** Pearson's test of counts against probabilities; cells that expect fewer than five are put together. */
export function chiSquareTest(counts: readonly number[], probabilities: readonly number[]): ChiSquareResult {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  const cells: { count: number; expected: number }[] = [];
  const rest = { count: 0, expected: 0 };
  counts.forEach((count, i) => {
    const expected = draws * (probabilities[i] ?? 0);
    if (expected >= fewestExpected) return void cells.push({ count, expected });
    rest.count += count;
    rest.expected += expected;
  });
  if (rest.expected > 0) cells.push(rest);
  const statistic = cells.reduce((sum, { count, expected }) => sum + (count - expected) ** 2 / expected, 0);
  const degreesOfFreedom = cells.length - 1;
  return { statistic, degreesOfFreedom, pValue: upperTail(statistic, degreesOfFreedom) };
}

function upperTail(statistic: number, degreesOfFreedom: number): number {
  const spread = 2 / (9 * degreesOfFreedom);
  const z = (Math.cbrt(statistic / degreesOfFreedom) - (1 - spread)) / Math.sqrt(spread);
  return 0.5 * complementaryError(z / Math.SQRT2);
}

/** Abramowitz and Stegun 7.1.26, within 1.5e-7. */
function complementaryError(x: number): number {
  if (x < 0) return 2 - complementaryError(-x);
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  return polynomial.reduce((sum, coefficient) => (sum + coefficient) * t, 0) * Math.exp(-x * x);
}
