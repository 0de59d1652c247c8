import { describe, expect, it } from "vitest";
import { rowMask, rowPositions, rowTokens } from "./packed-row.ts";
import type { PackedRow } from "./packed-row.ts";

const row: PackedRow = {
  length: 7,
  segments: [
    { sequence: 0, start: 0, tokens: [11, 12, 13, 14] },
    { sequence: 1, start: 4, tokens: [21, 22] },
  ],
};

const drawn = (window: number): string[] => {
  const mask = rowMask(row, window);
  return Array.from({ length: 7 }, (_, token) =>
    Array.from(mask.subarray(token * 7, token * 7 + 7), (value) => (value === 0 ? "x" : ".")).join(""),
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
});
