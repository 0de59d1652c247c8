import { describe, expect, it } from "vitest";
import { indexInRow, rowMask, rowPositions, rowTokens } from "./packed-row.ts";
import type { PackedRow } from "./packed-row.ts";

const row: PackedRow = {
  length: 7,
  prefix: [],
  segments: [
    { sequence: 0, start: 0, tokens: [11, 12, 13, 14] },
    { sequence: 1, start: 4, tokens: [21, 22] },
  ],
};

const drawn = (window: number, of: PackedRow = row): string[] => {
  const { length } = of;
  const mask = rowMask(of, window);
  return Array.from({ length }, (_, token) =>
    Array.from(mask.subarray(token * length, (token + 1) * length), (value) => (value === 0 ? "x" : ".")).join(""),
  );
};

describe("a packed row", () => {
  it("restarts positions with every sequence and pads with token 0", () => {
    expect([...rowTokens(row)]).toEqual([11, 12, 13, 14, 21, 22, 0]);
    expect([...rowPositions(row)]).toEqual([0, 1, 2, 3, 0, 1, 0]);
  });

  it("lets a token see the earlier ones of its own sequence", () => {
    expect(drawn(7)).toEqual(["x......", "xx.....", "xxx....", "xxxx...", "....x..", "....xx.", "......x"]);
  });

  it("lets a window end before: the last two, with itself", () => {
    expect(drawn(2)).toEqual(["x......", "xx.....", ".xx....", "..xx...", "....x..", "....xx.", "......x"]);
  });

  it("holds a shared beginning once: each sequence goes on from it and sees no other", () => {
    const shared: PackedRow = {
      length: 7,
      prefix: [1, 2, 3],
      segments: [
        { sequence: 0, start: 3, tokens: [11, 12] },
        { sequence: 1, start: 5, tokens: [21] },
      ],
    };
    expect([...rowTokens(shared)]).toEqual([1, 2, 3, 11, 12, 21, 0]);
    expect([...rowPositions(shared)]).toEqual([0, 1, 2, 3, 4, 3, 0]);
    expect(drawn(7, shared)).toEqual(["x......", "xx.....", "xxx....", "xxxx...", "xxxxx..", "xxx..x.", "......x"]);
    expect(drawn(2, shared)).toEqual(["x......", "xx.....", ".xx....", "..xx...", "...xx..", "..x..x.", "......x"]);
    const [first, second] = shared.segments;
    expect([0, 2, 3, 4].map((position) => indexInRow(shared, first!, position))).toEqual([0, 2, 3, 4]);
    expect([0, 2, 3].map((position) => indexInRow(shared, second!, position))).toEqual([0, 2, 5]);
  });
});
