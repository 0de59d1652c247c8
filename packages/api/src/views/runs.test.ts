import { expect, it } from "vitest";
import { runRowSchema } from "./runs.ts";

const row = { id: "a", name: "exp", status: "finished", members: [], n: {} };
const isRow = (cells: unknown): boolean => runRowSchema.safeParse({ ...row, cells }).success;

it("takes texts, finite numbers and nulls as cells, and nothing else", () => {
  expect(runRowSchema.parse({ ...row, cells: { a: "x", b: 0.5, c: null } }).cells).toEqual({ a: "x", b: 0.5, c: null });
  expect(isRow({})).toBe(true);
  for (const cell of [true, undefined, Number.NaN, {}, []]) expect(isRow({ fine: 1, odd: cell })).toBe(false);
  for (const cells of [undefined, null, 1, "text", [1]]) expect(isRow(cells)).toBe(false);
});
