import { describe, expect, it } from "vitest";
import { chiSquareTest } from "./chi-square-test.ts";

describe("chiSquareTest", () => {
  // Quantiles of the chi-square distribution, from any table.
  it.each([
    [10, 18.307, 0.05],
    [10, 29.588, 0.001],
    [50, 67.505, 0.05],
    [100, 149.449, 0.001],
    [30, 29.336, 0.5],
  ])("with %d degrees of freedom %d has the p-value %d", (degrees, statistic, pValue) => {
    const cells = degrees + 1;
    const expected = 1000;
    const shift = Math.sqrt((statistic * expected) / 2);
    const counts = Array.from({ length: cells }, (_, i) => expected + (i === 0 ? shift : i === 1 ? -shift : 0));
    const result = chiSquareTest(
      counts,
      Array.from(counts, () => 1 / cells),
    );
    expect(result.degreesOfFreedom).toBe(degrees);
    expect(result.statistic).toBeCloseTo(statistic, 6);
    expect(Math.abs(result.pValue - pValue)).toBeLessThan(pValue * 0.1);
  });

  it("puts cells with small expectations together", () => {
    expect(chiSquareTest([50, 47, 1, 2], [0.5, 0.47, 0.01, 0.02])).toMatchObject({ statistic: 0, degreesOfFreedom: 2 });
  });
});
