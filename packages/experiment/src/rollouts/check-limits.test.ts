import { LitmusError, type Failure, type StoredTrajectory } from "@litmus/core";
import { buildStoredTrajectory, buildTrajectory } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { tinyConfig, tinyContext } from "../testing/build-context.ts";
import { checkLimits } from "./check-limits.ts";

const failure: Failure = {
  boundary: "retrieval",
  code: "search-timed-out",
  message: "no answer in 5 s",
  retryable: true,
};
const failedEpisode = buildStoredTrajectory({
  trajectory: buildTrajectory({ outcome: { type: "failed", failure } }),
  reward: null,
});
const unscored = buildStoredTrajectory({
  reward: null,
  rewardFailure: { ...failure, boundary: "reward", code: "scorer-error" },
});
const context = tinyContext({ config: tinyConfig(["limits.failureShare=0.25"]) });
const entries = (failed: StoredTrajectory, count: number): StoredTrajectory[] =>
  Array.from({ length: 8 }, (_, i) => (i < count ? failed : buildStoredTrajectory()));

function refusal(all: readonly StoredTrajectory[]): LitmusError | null {
  try {
    checkLimits(context, { failed: all.filter((entry) => entry.reward === null), total: all.length });
    return null;
  } catch (error) {
    if (LitmusError.isInstance(error)) return error;
    throw error;
  }
}

describe("checkLimits", () => {
  it("lets a run go on up to the limit, and with nothing", () => {
    expect(refusal(entries(failedEpisode, 0))).toBeNull();
    expect(refusal(entries(failedEpisode, 2))).toBeNull();
    expect(refusal([])).toBeNull();
  });

  it("stops it above, and says how many failed, how, and what to do", () => {
    const error = refusal(entries(failedEpisode, 3));
    expect(error).toMatchObject({ code: "gate-failed", path: "limits.failureShare", retryable: true });
    expect(error?.message).toBe(
      "3 of 8 episodes of rl step 0 failed, and at most 2 may (retrieval/search-timed-out: no answer in 5 s)",
    );
    expect(error?.hint).toContain("run the same command");
  });

  it("counts an episode that could not be scored as failed", () => {
    expect(refusal(entries(unscored, 3))?.message).toContain("reward/scorer-error");
  });
});
