import { policyVersion, runId } from "@litmus/core";
import type { MetricRecord, RunId } from "@litmus/core";
import { expect, it } from "vitest";
import { buildProblem, buildRun, buildStoredTrajectory } from "./build-trajectory.ts";
import type { StoreUnderTest } from "./store-claim-conformance.ts";

const metricOf = (id: RunId, step: number): MetricRecord => ({
  runId: id,
  stage: "rl",
  step,
  name: "reward",
  value: 1,
});

/** Counts of a run's changes. */
export function itCountsRevisions({ store, newRun }: StoreUnderTest): void {
  const revisionOf = async (id: RunId): Promise<number | undefined> =>
    (await store().revisions()).find((each) => each.runId === id)?.revision;

  it("adds one to a run's revision with each write that changes it, and to no other's", async () => {
    const [id, other] = [await newRun(), await newRun()];
    expect([await revisionOf(id), await revisionOf(other)]).toEqual([1, 1]);
    const entries = [0, 1, 2].map((member) => buildStoredTrajectory({ key: { runId: id, member } }));
    const version = { runId: id, version: policyVersion(0), adapter: null, parentSha256: null, stage: "base", step: 0 };
    const evaluation = { runId: id, stage: "rl", step: 1, split: "test", result: {} };
    const writes = [
      () => store().saveTrajectories(entries),
      () => store().saveMetrics([metricOf(id, 1), metricOf(id, 2)]),
      () => store().savePolicyVersion(version),
      () => store().saveEvaluation(evaluation),
      () => store().setRunStatus(id, "finished", "2026-01-02T00:00:00.000Z"),
      () => store().removeTrajectories(id, 3),
    ];
    const seen: (number | undefined)[] = [];
    for (const write of writes) {
      await write();
      seen.push(await revisionOf(id));
    }
    expect(seen).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await revisionOf(other)).toBe(1);
  });

  it("counts no write that changes nothing, fails, or is of problems and claims", async () => {
    const id = await newRun();
    const entry = buildStoredTrajectory({ key: { runId: id } });
    await store().saveTrajectories([entry]);
    await store().saveTrajectories([entry]);
    await store().saveRun(buildRun({ id, name: "another" }));
    await store().saveProblems(id, "train", [buildProblem()]);
    await store().claimGroup(entry.key, policyVersion(0));
    await store()
      .removeTrajectories(id, 2)
      .catch(() => undefined);
    await store()
      .saveMetrics([metricOf(id, 1), metricOf(runId("nowhere"), 1)])
      .catch(() => undefined);
    expect(await revisionOf(id)).toBe(2);
    expect(await revisionOf(runId("nowhere"))).toBeUndefined();
  });

  it("lists the revisions of all runs by their ids", async () => {
    const made = [await newRun(), await newRun()];
    const listed = (await store().revisions()).map((each) => each.runId);
    expect(listed).toEqual(listed.toSorted());
    expect(listed.toSorted()).toEqual((await store().runs()).map((run) => run.id).toSorted());
    expect(listed).toEqual(expect.arrayContaining(made));
  });

  it("loses no revision when many write at once, and shows none before what it stands for", async () => {
    const ids = [await newRun(), await newRun()];
    const writesEach = 25;
    const steps = Array.from({ length: writesEach }, (_, step) => step);
    const writing = Promise.all(steps.flatMap((step) => ids.map((id) => store().saveMetrics([metricOf(id, step)]))));
    let isWriting = true;
    void writing.finally(() => (isWriting = false));
    let last = 1;
    while (isWriting) {
      const revision = (await revisionOf(ids[0]!))!;
      const written = (await store().metrics(ids[0]!)).length;
      expect(revision).toBeGreaterThanOrEqual(last);
      expect(written).toBeGreaterThanOrEqual(revision - 1);
      last = revision;
    }
    await writing;
    expect(await Promise.all(ids.map(revisionOf))).toEqual([1 + writesEach, 1 + writesEach]);
  });
}
