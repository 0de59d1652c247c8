import { attemptsQuery, problemsQuery, xAxes } from "@litmus/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectPermalinks } from "../../state/testing/round-trip.ts";
import { runTabs, runView } from "./search.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const nullable = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(values);

const views = fc.record({
  tab: fc.constantFrom(...runTabs),
  x: fc.constantFrom(...xAxes),
  smooth: fc.double({ min: 0, max: 0.99, noNaN: true }).map((value) => value + 0),
  seeds: fc.boolean(),
  zoom: nullable(fc.record({ from: finite, to: finite }, { noNullPrototype: true })),
  more: fc.array(text),
  hidden: fc.array(text),
  tables: fc.array(text),
  against: text,
  find: text,
  search: text,
  split: text,
  sort: fc.constantFrom(...problemsQuery.shape.sort.unwrap().options),
  order: fc.constantFrom("ascending" as const, "descending" as const),
  offset: fc.nat(),
  stage: text,
  step: nullable(fc.nat()),
  purpose: nullable(fc.constantFrom(...attemptsQuery.shape.purpose.unwrap().options)),
  outcome: nullable(fc.constantFrom(...attemptsQuery.shape.outcome.unwrap().options)),
  failure: text,
  from: fc.nat(),
});

describe("the address of a run's page", () => {
  it("brings every view back, and reads any address", () => {
    expectPermalinks(runView, views);
  });

  it("falls back field by field", () => {
    expect(runView.parse({ tab: "config", smooth: 2, zoom: [1, 2], step: -1, purpose: "train" })).toEqual({
      ...runView.defaults,
      tab: "config",
      purpose: "train",
    });
  });
});
