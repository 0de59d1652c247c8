import { describe, expect, it } from "vitest";
import { normalizeRow, normalizeRowGradient } from "./final-norm.ts";

const norm = { weight: Float32Array.of(1, 2, 0.5), epsilon: 1e-6 };
const row = Float32Array.of(3, 0, -4);

describe("the final norm", () => {
  it("divides by the root of the mean square and multiplies by the weight", () => {
    const scale = 1 / Math.sqrt(25 / 3 + 1e-6);
    [3 * scale, 0, -2 * scale].forEach((value, i) => expect(normalizeRow(norm, row)[i]).toBeCloseTo(value, 6));
  });

  it("has the gradient of its central differences", () => {
    const outer = Float32Array.of(0.5, -1, 2);
    const gradient = normalizeRowGradient(norm, row, outer);
    const loss = (values: Float64Array): number => {
      const scale = 1 / Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / 3 + 1e-6);
      return values.reduce((sum, value, i) => sum + outer[i]! * value * scale * norm.weight[i]!, 0);
    };
    for (let i = 0; i < 3; i++) {
      const shifted = (step: number): number =>
        loss(Float64Array.from(row, (value, j) => value + (i === j ? step : 0)));
      expect(gradient[i]).toBeCloseTo((shifted(1e-5) - shifted(-1e-5)) / 2e-5, 5);
    }
  });
});
