import { describe, expect, it } from "vitest";
import { indexInRow, rowMask, rowPositions, rowTokens } from "./packed-row.ts";
import type { Branch, PackedRow } from "./packed-row.ts";

const branch = (parent: Branch | null, start: number, tokens: readonly number[]): Branch => ({
  parent,
  start,
  depth: parent === null ? 0 : parent.depth + parent.tokens.length,
  tokens,
});
const rowOf = (length: number, ...branches: readonly Branch[]): PackedRow => ({ length, branches, sequences: [] });
const row = rowOf(7, branch(null, 0, [11, 12, 13, 14]), branch(null, 4, [21, 22]));

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
    const prompt = branch(null, 0, [1, 2, 3]);
    const [first, second] = [branch(prompt, 3, [11, 12]), branch(prompt, 5, [21])];
    const shared = rowOf(7, prompt, first, second);
    expect([...rowTokens(shared)]).toEqual([1, 2, 3, 11, 12, 21, 0]);
    expect([...rowPositions(shared)]).toEqual([0, 1, 2, 3, 4, 3, 0]);
    expect(drawn(7, shared)).toEqual(["x......", "xx.....", "xxx....", "xxxx...", "xxxxx..", "xxx..x.", "......x"]);
    expect(drawn(2, shared)).toEqual(["x......", "xx.....", ".xx....", "..xx...", "...xx..", "..x..x.", "......x"]);
    expect([0, 2, 3, 4].map((position) => indexInRow({ sequence: 0, last: first }, position))).toEqual([0, 2, 3, 4]);
    expect([0, 2, 3].map((position) => indexInRow({ sequence: 1, last: second }, position))).toEqual([0, 2, 5]);
  });

  it("branches more than once: a token sees every ancestor that the window reaches", () => {
    const prompt = branch(null, 0, [1, 2]);
    const search = branch(prompt, 2, [11]);
    const [first, second, other] = [branch(search, 3, [21]), branch(search, 4, [31]), branch(prompt, 5, [41, 42])];
    const tree = rowOf(7, prompt, search, first, second, other);
    expect([...rowPositions(tree)]).toEqual([0, 1, 2, 3, 3, 2, 3]);
    expect(drawn(7, tree)).toEqual(["x......", "xx.....", "xxx....", "xxxx...", "xxx.x..", "xx...x.", "xx...xx"]);
    expect(drawn(3, tree)).toEqual(["x......", "xx.....", "xxx....", ".xxx...", ".xx.x..", "xx...x.", ".x...xx"]);
    expect([0, 1, 2, 3].map((position) => indexInRow({ sequence: 0, last: second }, position))).toEqual([0, 1, 2, 4]);
  });
});
