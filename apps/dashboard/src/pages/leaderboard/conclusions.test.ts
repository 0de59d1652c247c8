import { describe, expect, it } from "vitest";
import { baselineEntry, leaderboard, policyEntry } from "../../testing/board-views.ts";
import { conclusions } from "./conclusions.ts";

describe("what can be concluded", () => {
  it("names who ranks first alone, and how many are ahead of the best baseline", () => {
    expect(conclusions(leaderboard())).toEqual([
      "quickstart (grpo, step 8, seed 1) ranks first, alone, with 62.5 % (50.0–73.0) exact match.",
      "One policy is ahead of the best baseline, quickstart (base, step 0, seed 1) with 25.0 % (16.0–37.0): the 95\u00a0% interval of the paired difference lies above 0.",
      "All of this holds for these 64 test questions and this scorer alone.",
    ]);
  });

  it("claims no gain where the best baseline shares the first rank", () => {
    const entries = [policyEntry({ ties: 1 }), baselineEntry({ rank: 1, ties: 1 })];
    const [first, baseline] = conclusions(leaderboard({ entries }));
    expect(first).toMatch(/and one other policy share the first rank: nothing here says that one of them is better/);
    expect(baseline).toMatch(/^No policy is ahead .* no gain can be claimed here/);
  });

  it("claims nothing of a best baseline without a rank", () => {
    const baseline = baselineEntry({ rank: null, unranked: "nothing-scored" });
    expect(conclusions(leaderboard({ entries: [policyEntry(), baseline] }))[1]).toMatch(
      /^What is ahead of the best baseline, .* is not known: it has no rank \(nothing scored\)\.$/,
    );
  });

  it("says that a baseline is missing, and nothing of a first that the filters hide", () => {
    const sentences = conclusions(leaderboard({ entries: [policyEntry({ rank: 3 })] }));
    expect(sentences[0]).toMatch(/what training added is not known/);
    expect(sentences).toHaveLength(2);
  });

  it("says nothing without an evaluation", () => {
    expect(conclusions(leaderboard({ set: null }))).toEqual([]);
  });
});
