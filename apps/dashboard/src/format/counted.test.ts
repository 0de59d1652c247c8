import { expect, it } from "vitest";
import { counted } from "./counted.ts";

it("puts the noun into its number", () => {
  expect([0, 1, 1200].map((count) => counted(count, "hit"))).toEqual(["0 hits", "1 hit", "1,200 hits"]);
  expect([1, 2].map((count) => counted(count, "search", "searches"))).toEqual(["1 search", "2 searches"]);
});
