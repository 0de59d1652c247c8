import { describe, expect, it } from "vitest";
import { everyRow } from "./every-row.ts";

const all = [1, 2, 3, 4, 5];

describe("everyRow", () => {
  it("goes on until all rows are there", async () => {
    const asked: number[] = [];
    const load = async (offset: number) => {
      asked.push(offset);
      return { total: all.length, items: all.slice(offset, offset + 2) };
    };
    expect((await everyRow(load, ({ items }) => items)).rows).toEqual(all);
    expect(asked).toEqual([0, 2, 4]);
  });

  it("ends where rows went away meanwhile", async () => {
    const load = async (offset: number) => ({ total: 9, items: all.slice(offset, offset + 3) });
    expect((await everyRow(load, ({ items }) => items)).rows).toEqual(all);
  });
});
