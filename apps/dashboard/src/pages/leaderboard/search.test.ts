import { leaderboardQuery, leaderboardSorts, policyKinds } from "@litmus/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectPermalinks } from "../../state/testing/round-trip.ts";
import { leaderboardQueryOf, leaderboardView } from "./search.ts";

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const views = fc.record({
  set: text,
  search: text,
  kind: fc.uniqueArray(fc.constantFrom(...policyKinds)),
  which: fc.constantFrom("last" as const, "all" as const),
  sort: fc.constantFrom(...leaderboardSorts),
  order: fc.constantFrom("ascending" as const, "descending" as const),
  offset: fc.nat(),
  limit: fc.integer({ min: 1, max: 2000 }),
  columns: fc.array(text),
  byCategory: fc.boolean(),
  chosen: fc.array(text, { maxLength: 2 }),
});

describe("the address of the leaderboard", () => {
  it("gives back every view, and takes any address", () => {
    expectPermalinks(leaderboardView, views);
  });

  it("asks the server for nothing that it refuses", () => {
    fc.assert(
      fc.property(views, (view) => {
        const query = Object.entries(leaderboardQueryOf(view)).map(([key, value]) => [key, String(value)]);
        expect(leaderboardQuery.safeParse(Object.fromEntries(query)).error).toBeUndefined();
      }),
    );
  });
});
