import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packSequences } from "./pack-sequences.ts";
import { indexInRow, rowPositions, rowTokens } from "./packed-row.ts";
import type { PackedRow } from "./packed-row.ts";

/** Of one token, which differs from sequence to sequence. */
const sequences = (...lengths: readonly number[]): number[][] =>
  lengths.map((length, token) => Array.from({ length }, () => token));
const members = (rows: readonly PackedRow[]): unknown =>
  rows.map((row) => [row.length, row.segments.map((segment) => segment.sequence)]);

describe("packSequences", () => {
  it("places every sequence once and whole, each token in its place, without overlap, in a row that holds it", () => {
    const prompt = fc.constantFrom(
      [],
      [1, 2, 3],
      Array.from({ length: 20 }, () => 5),
    );
    const sequence = fc.tuple(prompt, fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 40 }));
    fc.assert(
      fc.property(
        fc.array(sequence, { maxLength: 12 }),
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        (parts, power) => {
          const all = parts.map(([start, rest]) => [...start, ...rest]);
          const rows = packSequences(all, [16, 32, 64], (length) => length ** power);
          const placed = rows.flatMap((row) => row.segments.map((segment) => segment.sequence));
          expect(placed.sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
          for (const row of rows) {
            const [tokens, positions] = [rowTokens(row), rowPositions(row)];
            let end = row.prefix.length;
            for (const segment of row.segments) {
              expect(segment.start).toBe(end);
              end += segment.tokens.length;
              all[segment.sequence]!.forEach((token, position) => {
                const index = indexInRow(row, segment, position);
                expect([tokens[index], positions[index]]).toEqual([token, position]);
              });
            }
            expect(end).toBeLessThanOrEqual(row.length);
          }
        },
      ),
    );
  });

  it("fills rows before it opens new ones, and takes the smallest length that holds each", () => {
    const rows = packSequences(sequences(10, 30, 20, 40), [32, 64], (length) => length ** 0.9);
    expect(members(rows)).toEqual([
      [64, [3, 2]],
      [64, [1, 0]],
    ]);
  });

  it("prefers short rows where long ones cost more", () => {
    const rows = packSequences(sequences(30, 30, 30, 30), [32, 64], (length) => length ** 1.5);
    expect(rows.map((row) => row.length)).toEqual([32, 32, 32, 32]);
  });

  it("computes a prompt once for all sequences of a row that begin with it", () => {
    const prompt = Array.from({ length: 30 }, () => 9);
    const group = sequences(10, 10, 10).map((answer) => [...prompt, ...answer]);
    const [row, ...others] = packSequences(group, [32, 64], (length) => length);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ length: 64, prefix: prompt });
    expect(row!.segments.map((segment) => segment.tokens)).toEqual(sequences(10, 10, 10));
  });

  it("leaves a beginning of a few tokens alone, such as the one that every sequence has", () => {
    const rows = packSequences(
      [
        [2, 3, 4],
        [2, 3, 5],
      ],
      [16],
      (length) => length,
    );
    expect(rows.map((row) => row.prefix)).toEqual([[]]);
  });

  it("refuses what fits no row", () => {
    expect(() => packSequences(sequences(65), [32, 64], (length) => length)).toThrow(/65 tokens fit no row of 32, 64/);
  });
});
