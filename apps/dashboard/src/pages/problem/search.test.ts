import fc from "fast-check";
import { expect, it } from "vitest";
import { expectPermalinks } from "../../state/testing/round-trip.ts";
import { attemptOutcomes, attemptSorts, problemView, purposes } from "./search.ts";

it("gives back every view of a problem from its address", () => {
  expectPermalinks(
    problemView,
    fc.record({
      purpose: fc.subarray([...purposes]),
      outcome: fc.subarray([...attemptOutcomes]),
      find: fc.string({ unit: "grapheme", maxLength: 40 }),
      sort: fc.constantFrom(...attemptSorts),
      order: fc.constantFrom("ascending", "descending"),
      table: fc.boolean(),
    }),
  );
});

it("falls back to the default field by field", () => {
  expect(problemView.parse({ purpose: ["x"], sort: "reward", table: "yes" })).toEqual({
    ...problemView.defaults,
    sort: "reward",
  });
});
