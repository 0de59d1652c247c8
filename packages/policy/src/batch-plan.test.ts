import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gapsToFill, planRows } from "./batch-plan.ts";
import type { Work } from "./work.ts";

const work = (sequence: number, pending: number): Work => ({
  pending,
  finished: false,
  next: (budget) => ({
    sequence,
    start: 0,
    tokens: Array.from({ length: Math.min(budget, pending) }, () => 7),
    outputs: [],
  }),
  advance: async () => undefined,
  fail: () => undefined,
});
const sizes = (works: readonly Work[], batchTokens: number): [number, number][] =>
  planRows(works, batchTokens).map(({ row }) => [row.sequence, row.tokens.length]);

describe("planRows", () => {
  it("takes the decoding ones first, then fills up in order, and returns rows by sequence", () => {
    expect(sizes([work(4, 30), work(2, 1), work(1, 30), work(0, 1), work(3, 0)], 40)).toEqual([
      [0, 1],
      [1, 8],
      [2, 1],
      [4, 30],
    ]);
    expect(sizes([work(1, 100), work(0, 1)], 10)).toEqual([
      [0, 1],
      [1, 9],
    ]);
    expect(sizes([], 10)).toEqual([]);
  });

  it("never exceeds the batch, never wastes it, and never leaves a decoding one out that fits", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 64 }),
        (pending, batch) => {
          const planned = sizes(
            pending.map((count, i) => work(i, count)),
            batch,
          );
          const total = planned.reduce((sum, [, tokens]) => sum + tokens, 0);
          expect(total).toBe(
            Math.min(
              batch,
              pending.reduce((sum, count) => sum + count, 0),
            ),
          );
          const decoding = pending.filter((count) => count === 1).length;
          const taken = planned.filter(([sequence]) => pending[sequence] === 1).length;
          expect(taken).toBe(Math.min(batch, decoding));
        },
      ),
    );
  });
});

describe("gapsToFill", () => {
  const all = (): boolean => true;
  it.each([
    [[0, 1, 2], []],
    [[0, 2], [1]],
    [
      [1, 5],
      [2, 3, 4],
    ],
    [[0, 5], []],
    [
      [0, 2, 7, 9],
      [1, 8],
    ],
    [[3], []],
    [[], []],
  ])("between %j fills %j", (used, gaps) => expect(gapsToFill(used, all)).toEqual(gaps));

  it("fills a gap as a whole or not at all", () => {
    expect(gapsToFill([0, 3, 5], (sequence) => sequence !== 2)).toEqual([4]);
  });
});
