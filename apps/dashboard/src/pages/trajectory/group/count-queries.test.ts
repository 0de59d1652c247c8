import { expect, it } from "vitest";
import { countQueries } from "./count-queries.ts";

it("counts the members that tried a query, each once", () => {
  const count = countQueries([["IL-6 sepsis", "il-6  sepsis "], ["il-6 sepsis", "other"], []]);
  expect(count("IL-6 SEPSIS")).toBe(2);
  expect(count("other")).toBe(1);
  expect(count("none")).toBe(0);
});
