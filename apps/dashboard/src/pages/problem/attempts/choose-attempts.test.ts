import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attempt } from "../../../testing/trajectory-views.ts";
import { problemView } from "../search.ts";
import { chooseAttempts, outcomeOf } from "./choose-attempts.ts";

const right = attempt({ trajectoryId: "a", reward: 1, exactMatch: 1, searches: 2 });
const wrong = attempt({
  trajectoryId: "b",
  reward: 0.2,
  exactMatch: 0,
  searches: 1,
  answer: "TNF",
  purpose: "evaluation",
});
const failed = attempt({
  trajectoryId: "c",
  reward: null,
  exactMatch: null,
  searches: 3,
  answer: null,
  queries: ["Sepsis"],
});
const attempts = [right, wrong, failed];
const ids = (choice: Partial<typeof problemView.defaults>): string =>
  chooseAttempts(attempts, { ...problemView.defaults, ...choice })
    .map(({ trajectoryId }) => trajectoryId)
    .join("");

describe("the attempts shown", () => {
  it("are those that every filter leaves", () => {
    expect(attempts.map(outcomeOf)).toEqual(["right", "wrong", "failed"]);
    expect(ids({})).toBe("abc");
    expect(ids({ outcome: ["failed", "right"] })).toBe("ac");
    expect(ids({ purpose: ["evaluation"] })).toBe("b");
    expect(ids({ find: "tnf" })).toBe("b");
    expect(ids({ find: "SEPSIS", purpose: ["train"] })).toBe("ac");
  });

  it("are sorted, those without a number last", () => {
    expect(ids({ sort: "reward" })).toBe("bac");
    expect(ids({ sort: "reward", order: "descending" })).toBe("abc");
    expect(ids({ sort: "searches" })).toBe("bac");
    expect(ids({ order: "descending" })).toBe("cba");
  });

  it("are each there once, whatever their numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ noNaN: true }))), (rewards) => {
        const all = rewards.map((reward, i) => attempt({ trajectoryId: String(i), reward }));
        const shown = chooseAttempts(all, { ...problemView.defaults, sort: "reward" });
        expect(shown.map(({ trajectoryId }) => trajectoryId).toSorted()).toEqual(
          all.map(({ trajectoryId }) => trajectoryId).toSorted(),
        );
      }),
    );
  });
});
