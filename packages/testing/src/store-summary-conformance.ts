import { problemId, runId, trajectoryId } from "@litmus/core";
import type { RunId, StoredTrajectory, TrajectorySummary } from "@litmus/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryStoredTrajectory } from "./arbitrary-trajectory.ts";
import { buildProblem, buildReward, buildStoredTrajectory, buildTrajectory } from "./build-trajectory.ts";
import type { StoreUnderTest } from "./store-claim-conformance.ts";

/** What a summary must say of a trajectory. */
function summaryOf({
  id,
  key,
  problemId: problem,
  trajectory,
  reward,
  rewardFailure,
}: StoredTrajectory): TrajectorySummary {
  const { answer, outcome, usage, timing, policy, turns } = trajectory;
  return {
    id,
    key,
    problemId: problem,
    policyVersion: policy.version,
    answer,
    outcome,
    rewardTotal: reward?.total ?? null,
    components: (reward?.components ?? []).map(({ name, score }) => ({ name, score })),
    rewardFailure,
    usage,
    ...timing,
    searches: turns.flatMap(({ search }) =>
      search === null ? [] : [{ query: search.query, recordIds: search.hits.map((hit) => hit.recordId) }],
    ),
  };
}

const failure = { boundary: "policy", code: "crashed", message: "gone", retryable: true } as const;

/** A member that failed where it is odd, else rewarded with `exactMatch` 1 where it is a multiple of 4. Member 2 took too many turns. */
function memberOf(id: RunId, member: number): StoredTrajectory {
  const exactMatch = { name: "exactMatch", score: member % 4 === 0 ? 1 : 0, weight: 1, detail: "" };
  const reward = buildReward({ components: [exactMatch, ...buildReward().components] });
  const usage = { prefilledTokens: 1, cachedTokens: 1, sampledTokens: 10 + member, searches: member };
  const timing = { startedAt: "2026-01-01T00:00:00.000Z", durationMs: member + 0.5 };
  const key = { runId: id, step: member < 6 ? 1 : 2, member };
  const outcome = { type: "stopped", reason: member === 2 ? "max_turns" : "completed" } as const;
  return member % 2 === 0
    ? buildStoredTrajectory({ key, reward, trajectory: buildTrajectory({ usage, timing, outcome }) })
    : buildStoredTrajectory({
        key,
        reward: null,
        trajectory: buildTrajectory({ usage, timing, outcome: { type: "failed", failure } }),
      });
}

/** Trajectories as lists and totals show them. */
export function itSummarises({ store, newRun }: StoreUnderTest): void {
  it("summarises any trajectory as it was written", { timeout: 120_000 }, async () => {
    const id = await newRun();
    const written = new Map<string, TrajectorySummary>();
    await fc.assert(
      fc.asyncProperty(arbitraryStoredTrajectory, async (drawn) => {
        const key = { ...drawn.key, runId: id };
        const entry = { ...drawn, key, id: trajectoryId(key) };
        const [result] = await store().saveTrajectories([entry]);
        if (result === "stored") written.set(entry.id, summaryOf(entry));
      }),
      { numRuns: 60, seed: 13 },
    );
    const summaries = await store().summaries({ runId: id });
    expect(summaries.map((summary) => summary.key)).toEqual(await store().rolloutKeys({ runId: id }));
    expect(new Map(summaries.map((summary) => [summary.id, summary]))).toEqual(written);
  });

  it("filters and pages summaries as it does trajectories, and tells those that failed", async () => {
    const id = await newRun();
    await store().saveProblems(id, "test", [buildProblem()]);
    const asked = buildStoredTrajectory({ key: { runId: id, group: 1, step: 2 }, problemId: buildProblem().id });
    const entries = [...Array.from({ length: 10 }, (_, member) => memberOf(id, member)), asked];
    await store().saveTrajectories(entries.toReversed());
    const expected = entries.map(summaryOf);
    expect(await store().summaries({ runId: id })).toEqual(expected);
    expect(await store().summaries({ runId: id }, { offset: 3, limit: 4 })).toEqual(expected.slice(3, 7));
    expect(await store().summaries({ runId: id, step: 2 }, { offset: 1, limit: 9 })).toEqual(expected.slice(7));
    expect(await store().summaries({ runId: id, problemId: buildProblem().id })).toEqual([summaryOf(asked)]);
    const failed = expected.filter((summary) => summary.rewardTotal === null);
    expect(failed).toHaveLength(5);
    expect(await store().summaries({ runId: id, isFailed: true })).toEqual(failed);
    const sound = expected.filter((summary) => summary.rewardTotal !== null);
    expect(await store().summaries({ runId: id, isFailed: false }, { offset: 2, limit: 2 })).toEqual(sound.slice(2, 4));
    expect(await store().summaries({ runId: runId("absent") })).toEqual([]);
    expect(await store().summaries({ runId: id, problemId: problemId("absent") })).toEqual([]);
  });

  it("adds up the trajectories of each step and purpose of many runs", async () => {
    const [first, second, empty] = [await newRun(), await newRun(), await newRun()];
    await store().saveTrajectories(Array.from({ length: 8 }, (_, member) => memberOf(first, member)));
    const greedy = { runId: second, purpose: "evaluation" } as const;
    await store().saveTrajectories([buildStoredTrajectory({ key: greedy })]);
    const training = { runId: first, stage: "rl", purpose: "train" } as const;
    const expected = [
      // Members 0 to 5; 0 and 4 are right.
      {
        ...training,
        step: 1,
        trajectories: 6,
        failed: 3,
        sampledTokens: 75,
        searches: 15,
        durationMs: 18,
        correct: 2,
        // Members 0, 2 and 4, whose milliseconds are rounded to 0, 2 and 4.
        scored: {
          trajectories: 3,
          sampledTokens: { x: 36, xx: 100 + 144 + 196, xCorrect: 24 },
          searches: { x: 6, xx: 4 + 16, xCorrect: 4 },
          durationMs: { x: 6, xx: 4 + 16, xCorrect: 4 },
        },
        stopReasons: { completed: 2, max_turns: 1 },
      },
      {
        ...training,
        step: 2,
        trajectories: 2,
        failed: 1,
        sampledTokens: 33,
        searches: 13,
        durationMs: 14,
        correct: 0,
        // Member 6.
        scored: {
          trajectories: 1,
          sampledTokens: { x: 16, xx: 256, xCorrect: 0 },
          searches: { x: 6, xx: 36, xCorrect: 0 },
          durationMs: { x: 6, xx: 36, xCorrect: 0 },
        },
        stopReasons: { completed: 1 },
      },
      {
        ...greedy,
        stage: "rl",
        step: 0,
        trajectories: 1,
        failed: 0,
        sampledTokens: 6,
        searches: 1,
        durationMs: 12.5,
        correct: 0,
        scored: {
          trajectories: 1,
          sampledTokens: { x: 6, xx: 36, xCorrect: 0 },
          searches: { x: 1, xx: 1, xCorrect: 0 },
          durationMs: { x: 12, xx: 144, xCorrect: 0 },
        },
        stopReasons: { completed: 1 },
      },
    ];
    const byRun = expected.toSorted((a, b) => (a.runId < b.runId ? -1 : Number(a.runId > b.runId)));
    expect(await store().rolloutTotals([second, empty, runId("absent"), first])).toEqual(byRun);
    expect(await store().rolloutTotals([second])).toEqual(expected.slice(2));
    expect(await store().rolloutTotals([])).toEqual([]);
  });

  it("adds up numbers that JSON lacks", async () => {
    const id = await newRun();
    const usage = { prefilledTokens: -0, cachedTokens: -0, sampledTokens: Infinity, searches: NaN };
    const trajectory = buildTrajectory({ usage });
    await store().saveTrajectories([buildStoredTrajectory({ key: { runId: id }, trajectory })]);
    const other = await newRun();
    const huge = buildTrajectory({ timing: { startedAt: "2026-01-01T00:00:00.000Z", durationMs: 1e200 } });
    await store().saveTrajectories([buildStoredTrajectory({ key: { runId: other }, trajectory: huge })]);
    expect(await store().rolloutTotals([id])).toMatchObject([{ sampledTokens: Infinity, searches: NaN }]);
    expect(await store().rolloutTotals([other])).toMatchObject([{ durationMs: 1e200, scored: { trajectories: 1 } }]);
  });
}
