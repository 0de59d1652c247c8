import { describe, expect, it } from "vitest";
import { baselineEntry, leaderboard, policyEntry } from "../../testing/board-views.ts";
import { policyRows } from "./policy-rows.ts";

describe("policyRows", () => {
  it("puts the best baseline of each kind and model on top, once, and keeps the order of the others", () => {
    const best = baselineEntry({ id: "a:base:0" });
    const worse = baselineEntry({ id: "b:base:0" });
    const augmented = baselineEntry({ id: "c:base:0", kind: "retrieval-augmented" });
    const other = baselineEntry({ id: "d:base:0", model: "another" });
    const trained = policyEntry();
    const board = leaderboard({
      baselines: [augmented, best, other, worse],
      entries: [trained, worse, other, augmented, best],
    });
    const { rows, pinned } = policyRows(board);
    expect(rows.map(({ id }) => id)).toEqual(["c:base:0", "a:base:0", "d:base:0", trained.id, "b:base:0"]);
    expect([...pinned]).toEqual(["c:base:0", "a:base:0", "d:base:0"]);
  });

  it("keeps baselines that stand on another page of the list", () => {
    const board = leaderboard({ baselines: [baselineEntry()], entries: [policyEntry()] });
    expect(policyRows(board).rows.map(({ kind }) => kind)).toEqual(["base", "trained"]);
  });
});
