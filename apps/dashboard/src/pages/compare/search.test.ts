import { compareQuery, xAxes } from "@litmus/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectPermalinks } from "../../state/testing/round-trip.ts";
import { compareView } from "./search.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

const views = fc.record({
  runs: fc.array(text, { maxLength: 50 }),
  hidden: fc.array(text),
  metrics: fc.array(text),
  tables: fc.array(text),
  x: fc.constantFrom(...xAxes),
  smooth: fc.double({ min: 0, max: 0.99, noNaN: true }).map((value) => value + 0),
  seeds: fc.boolean(),
  zoom: fc.option(fc.record({ from: finite, to: finite }, { noNullPrototype: true })),
  from: text,
  to: text,
  measure: fc.constantFrom(...compareQuery.shape.measure.unwrap().options),
  outcome: fc.option(fc.constantFrom(...compareQuery.shape.outcome.unwrap().options)),
  search: text,
  offset: fc.nat(),
});

describe("the address of a comparison", () => {
  it("brings every view back, and reads any address", () => {
    expectPermalinks(compareView, views);
  });

  it("keeps the first runs where they are too many", () => {
    const runs = Array.from({ length: 51 }, (_, i) => `run-${i}`);
    expect(compareView.parse({ runs }).runs).toEqual(runs.slice(0, 50));
  });

  it("falls back field by field", () => {
    expect(compareView.parse({ runs: ["a"], hidden: "a", measure: "loud" })).toEqual({
      ...compareView.defaults,
      runs: ["a"],
    });
  });
});
