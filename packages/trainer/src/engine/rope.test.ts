import { describe, expect, it } from "vitest";
import { ropeTables } from "./rope.ts";

/** x · cosine + swapped(x) · sine of one position. */
function rotated(row: readonly number[], position: number, base: number): number[] {
  const { cosine, sine } = ropeTables([position], base, row.length);
  const swapped = [...row.slice(row.length / 2), ...row.slice(0, row.length / 2)];
  return row.map((value, i) => value * cosine[i]! + swapped[i]! * sine[i]!);
}

describe("rope", () => {
  it("turns the pair (i, i + half) by position / base^(i / half)", () => {
    const turned = rotated([1, 1, 0, 0], 3, 100);
    const expected = [Math.cos(3), Math.cos(0.3), Math.sin(3), Math.sin(0.3)];
    turned.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  it("makes products depend on the distance only", () => {
    const dot = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const [q, k] = [
      [0.3, -1, 2, 0.5],
      [1, 0.7, -0.2, 0.4],
    ];
    expect(dot(rotated(q, 9, 50), rotated(k, 4, 50))).toBeCloseTo(dot(rotated(q, 105, 50), rotated(k, 100, 50)), 4);
  });
});
