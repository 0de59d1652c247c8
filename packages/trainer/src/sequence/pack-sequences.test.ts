import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packSequences } from "./pack-sequences.ts";
import { indexInRow, rowPositions, rowTokens } from "./packed-row.ts";
import type { PackedRow } from "./packed-row.ts";

/** Of one token, which differs from sequence to sequence. */
const sequences = (...lengths: readonly number[]): number[][] =>
  lengths.map((length, token) => Array.from({ length }, () => token));
const members = (rows: readonly PackedRow[]): unknown =>
  rows.map((row) => [row.length, row.sequences.map(({ sequence }) => sequence)]);

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
          const placed = rows.flatMap((row) => row.sequences.map(({ sequence }) => sequence));
          expect(placed.sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
          for (const row of rows) {
            const [tokens, positions] = [rowTokens(row), rowPositions(row)];
            let end = 0;
            for (const branch of row.branches) {
              expect(branch.start).toBe(end);
              end += branch.tokens.length;
            }
            for (const one of row.sequences) {
              all[one.sequence]!.forEach((token, position) => {
                const index = indexInRow(one, position);
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

  it("holds once what sequences of a row begin with, at every depth", () => {
    const prompt = Array.from({ length: 30 }, () => 9);
    const search = Array.from({ length: 12 }, () => 8);
    const group = [
      [...prompt, 1, 1],
      [...prompt, ...search, 2],
      [...prompt, ...search, 3, 3],
      [...prompt, ...search],
    ];
    const [row, ...others] = packSequences(group, [32, 64], (length) => length);
    expect(others).toEqual([]);
    expect(row!.length).toBe(64);
    expect(row!.branches.map((branch) => branch.tokens)).toEqual([prompt, [1, 1], search, [2], [3, 3]]);
  });

  it("holds a sequence that occurs twice once", () => {
    const [row] = packSequences(sequences(20).concat(sequences(20)), [32, 64], (length) => length);
    expect([row!.length, row!.branches.length, row!.sequences.length]).toEqual([32, 1, 2]);
  });

  it("leaves a beginning of a few tokens alone, such as the one that every sequence has", () => {
    const together = [
      [2, 3, 4],
      [2, 3, 5],
    ];
    const [row] = packSequences(together, [16], (length) => length);
    expect(row!.branches.map((branch) => branch.tokens)).toEqual(together);
  });

  it("refuses what fits no row", () => {
    expect(() => packSequences(sequences(65), [32, 64], (length) => length)).toThrow(/65 tokens fit no row of 32, 64/);
  });
});
