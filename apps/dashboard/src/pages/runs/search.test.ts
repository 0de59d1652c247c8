import { runsQuery } from "@litmus/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectPermalinks } from "../../state/testing/round-trip.ts";
import { runsQueryOf, runsView } from "./search.ts";

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const id = fc.string({ minLength: 1, maxLength: 60 });
const views = fc.record({
  search: text,
  status: fc.uniqueArray(fc.constantFrom("running", "failed", "interrupted", "finished")),
  name: fc.array(id),
  columns: fc.array(id),
  sort: id,
  order: fc.constantFrom("ascending" as const, "descending" as const),
  group: fc.constantFrom("none" as const, "seeds" as const),
  expanded: fc.array(id),
  baseline: text,
  chosen: fc.array(text, { maxLength: 50 }),
  offset: fc.nat(),
  limit: fc.integer({ min: 1, max: 2000 }),
});

describe("the address of the runs", () => {
  it("gives back every view, and takes any address", () => {
    expectPermalinks(runsView, views);
  });

  it("asks the server for nothing that it refuses", () => {
    fc.assert(
      fc.property(views, (view) => {
        const query = Object.entries(runsQueryOf(view)).map(([key, value]) => [key, String(value)]);
        expect(runsQuery.safeParse(Object.fromEntries(query)).error).toBeUndefined();
      }),
    );
  });

  it("keeps the first runs of a choice that is too long", () => {
    const chosen = Array.from({ length: 51 }, (_, i) => `run-${i}`);
    expect(runsView.parse({ chosen }).chosen).toEqual(chosen.slice(0, 50));
    expect(runsView.parse({ chosen: [1] }).chosen).toEqual([]);
  });

  it("finds what the search of the shell looks for", () => {
    expect(runsView.parse({ search: "aspirin" })).toEqual({ ...runsView.defaults, search: "aspirin" });
  });
});
