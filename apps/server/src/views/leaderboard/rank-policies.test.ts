import { pairedDifference } from "@litmus/algorithms";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankPolicies } from "./rank-policies.ts";

/** Ranks by the paired difference itself, pair by pair. */
function slowRanks(outcomes: readonly string[]): number[] {
  const leads = (over: string, under: string): boolean => {
    const both = over
      .split("")
      .map((_, i) => i)
      .filter((i) => over[i] !== "-" && under[i] !== "-");
    const [a, b] = [under, over].map((each) => both.map((i) => Number(each[i])));
    return (pairedDifference(a ?? [], b ?? []).ci95?.low ?? 0) > 0;
  };
  return outcomes.map((under) => 1 + outcomes.filter((over) => leads(over, under)).length);
}

describe("rankPolicies", () => {
  it("ranks as the paired difference does, failed questions and more than one word of them included", () => {
    const outcomes = fc.integer({ min: 1, max: 70 }).chain((questions) =>
      fc.array(
        fc
          .integer({ min: 0, max: 9 })
          .chain((share) =>
            fc
              .array(fc.integer({ min: 0, max: 10 }), { minLength: questions, maxLength: questions })
              .map((draws) => draws.map((draw) => (draw === 10 ? "-" : draw < share ? "1" : "0")).join("")),
          ),
        { minLength: 1, maxLength: 6 },
      ),
    );
    fc.assert(
      fc.property(outcomes, (policies) => {
        const ranked = rankPolicies(policies);
        const expected = slowRanks(policies);
        expect(ranked.map(({ rank }) => rank)).toEqual(expected);
        expect(ranked.map(({ ties }) => ties)).toEqual(
          expected.map((rank) => expected.filter((each) => each === rank).length - 1),
        );
      }),
    );
  });

  it("is of nobody nothing", () => {
    expect(rankPolicies([])).toEqual([]);
  });
});
