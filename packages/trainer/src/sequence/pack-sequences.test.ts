import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packSequences } from "./pack-sequences.ts";

const sequence = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe("packSequences", () => {
  it("places every sequence once, whole, without overlap, in a row that holds it", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 20 });
    fc.assert(
      fc.property(sizes, (all) => {
        const rows = packSequences(all.map(sequence), [16, 32, 64], (length) => length ** 1.2);
        const placed = rows.flatMap((row) => row.segments.map((segment) => segment.sequence));
        expect(placed.sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
        for (const row of rows) {
          let end = 0;
          for (const segment of row.segments) {
            expect(segment.start).toBe(end);
            expect(segment.tokens).toHaveLength(all[segment.sequence]!);
            end = segment.start + segment.tokens.length;
          }
          expect(end).toBeLessThanOrEqual(row.length);
        }
      }),
    );
  });

  it("fills rows before it opens new ones, and takes the smallest length that holds each", () => {
    const rows = packSequences([10, 30, 20, 40].map(sequence), [32, 64], (length) => length ** 0.9);
    expect(rows.map((row) => [row.length, row.segments.map((segment) => segment.sequence)])).toEqual([
      [64, [3, 2]],
      [64, [1, 0]],
    ]);
  });

  it("prefers short rows where long ones cost more", () => {
    const rows = packSequences([30, 30, 30, 30].map(sequence), [32, 64], (length) => length ** 1.5);
    expect(rows.map((row) => row.length)).toEqual([32, 32, 32, 32]);
  });

  it("refuses what fits no row", () => {
    expect(() => packSequences([sequence(65)], [32, 64], (length) => length)).toThrow(/65 tokens fit no row of 32, 64/);
  });
});
