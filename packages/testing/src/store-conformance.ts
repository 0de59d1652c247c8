import { LitmusError, policyVersion, problemId, runId, sha256, trajectoryId } from "@litmus/core";
import type {
  CheckpointRecord,
  LatestMetrics,
  MetricRecord,
  PolicyVersionRecord,
  RolloutKey,
  RunId,
  StepCommit,
  TrajectoryStore,
} from "@litmus/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arbitraryStoredTrajectory, arbitraryText } from "./arbitrary-trajectory.ts";
import { buildProblem, buildRun, buildStoredTrajectory } from "./build-trajectory.ts";
import { itFencesLateWriters, itSavesManyAtOnce } from "./store-claim-conformance.ts";
import { itCountsRevisions } from "./store-revision-conformance.ts";
import { itSummarises } from "./store-summary-conformance.ts";

/** A run of its own for every test, so that one store serves them all. */
let runs = 0;
async function newRun(store: TrajectoryStore): Promise<ReturnType<typeof runId>> {
  runs += 1;
  const id = runId(`conformance-${runs}`);
  await store.saveRun(buildRun({ id }));
  return id;
}

const columnsOf = (id: RunId, metrics: readonly MetricRecord[]): LatestMetrics => ({
  runId: id,
  names: metrics.map(({ name }) => name),
  stages: metrics.map(({ stage }) => stage),
  values: metrics.map(({ value }) => value),
});

function buildCommit(run: ReturnType<typeof runId>, step: number, weights = "weights"): StepCommit {
  const adapterSha256 = sha256(`${weights}-${step}`);
  const parentSha256 = step === 1 ? null : sha256(`${weights}-${step - 1}`);
  const version = policyVersion(step);
  const checkpoint: CheckpointRecord = {
    runId: run,
    stage: "rl",
    step,
    state: {
      version,
      adapterPath: `a-${step}.gguf`,
      adapterSha256,
      optimizerPath: `o-${step}.bin`,
      optimizerSha256: sha256("o"),
      updates: step,
    },
    parentSha256,
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  const adapter = { version, path: `a-${step}.gguf`, sha256: adapterSha256 };
  const versionRecord: PolicyVersionRecord = { runId: run, version, adapter, parentSha256, stage: "rl", step };
  const metrics = [{ runId: run, stage: "rl", step, name: "reward", value: step / 3 }];
  return { checkpoint, version: versionRecord, metrics };
}

async function errorOf(promise: Promise<unknown>): Promise<LitmusError> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error, "it resolved, or threw something untyped").toBeInstanceOf(LitmusError);
  return error as LitmusError;
}

/** What every store of records promises. @param open makes an empty store; the suite closes it */
export function describeTrajectoryStore(name: string, open: () => Promise<TrajectoryStore>): void {
  describe(`trajectory store: ${name}`, () => {
    let store: TrajectoryStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(async () => {
      await store.close();
    });

    it("is empty at first", async () => {
      expect(await store.runs()).toEqual([]);
      expect(await store.revisions()).toEqual([]);
      expect(Number.isSafeInteger(await store.sizeBytes())).toBe(true);
      expect(await store.run(runId("absent"))).toBeNull();
      expect(await store.trajectory(trajectoryId(buildStoredTrajectory().key))).toBeNull();
    });

    it("gives back a run, newest first, and its change of status", async () => {
      const older = buildRun({ id: runId("older"), createdAt: "2020-01-01T00:00:00.000Z", name: "a\0b \u001A \uD800" });
      const newer = buildRun({
        id: runId("newer"),
        createdAt: "2021-01-01T00:00:00.000Z",
        config: { n: -0, nested: [{ key: "\0" }, null] },
      });
      await store.saveRun(newer);
      await store.saveRun(older);
      expect(await store.runs()).toEqual([newer, older]);
      await store.setRunStatus(older.id, "finished", "2020-01-02T00:00:00.000Z");
      expect(await store.run(older.id)).toEqual({
        ...older,
        status: "finished",
        finishedAt: "2020-01-02T00:00:00.000Z",
      });
      await store.saveRun({ ...newer, name: "another name" });
      expect(await store.run(newer.id)).toEqual(newer);
      expect((await errorOf(store.setRunStatus(runId("absent"), "failed", null))).code).toBe("not-found");
    });

    it("gives back problems, once each", async () => {
      const id = await newRun(store);
      const problem = buildProblem({ goldenAnswers: ["CFTR", "a\0b"], category: "genetics", isParaphrased: false });
      await store.saveProblems(id, "train", [problem, buildProblem({ id: problemId("p2") })]);
      await store.saveProblems(id, "train", [{ ...problem, question: "changed" }]);
      expect(await store.problem(id, problem.id)).toEqual(problem);
      expect(await store.problem(id, problemId("absent"))).toBeNull();
      await store.saveProblems(id, "empty", []);
      const another = buildProblem({ id: problemId("Z"), category: "\0" });
      await store.saveProblems(id, "test", [another]);
      const [first, second] = [
        { ...problem, split: "train" },
        { ...buildProblem({ id: problemId("p2") }), split: "train" },
      ];
      expect(await store.problems(id)).toEqual([{ ...another, split: "test" }, second, first]);
      expect(await store.problems(id, "train")).toEqual([second, first]);
      expect(await store.problems(id, "empty")).toEqual([]);
    });

    it("stores a trajectory once by key, whatever the second one says", async () => {
      const entry = buildStoredTrajectory({ key: { runId: await newRun(store) } });
      expect(await store.saveTrajectories([entry])).toEqual(["stored"]);
      expect(await store.saveTrajectories([{ ...entry, reward: null }])).toEqual(["exists"]);
      expect(await store.trajectory(entry.id)).toEqual(entry);
      expect(await store.trajectories({ runId: entry.key.runId })).toEqual([entry]);
    });

    it("stores one of many attempts at the same key at the same time", async () => {
      const entry = buildStoredTrajectory({ key: { runId: await newRun(store) } });
      const attempts = await Promise.all(Array.from({ length: 3 }, () => store.saveTrajectories([entry])));
      expect(attempts.flat().toSorted()).toEqual(["exists", "exists", "stored"]);
      expect(await store.trajectories({ runId: entry.key.runId })).toHaveLength(1);
    });

    it("refuses an id of another key, and a run or problem that it does not know", async () => {
      const key = { runId: await newRun(store) };
      const entry = buildStoredTrajectory({ key });
      const other = buildStoredTrajectory({ key: { ...key, member: 1 } });
      expect((await errorOf(store.saveTrajectories([{ ...entry, id: other.id }]))).code).toBe("invalid-input");
      const unknownRun = buildStoredTrajectory({ key: { runId: runId("nowhere") } });
      expect((await errorOf(store.saveTrajectories([unknownRun]))).code).toBe("not-found");
      const unknownProblem = buildStoredTrajectory({ key, problemId: problemId("absent") });
      expect((await errorOf(store.saveTrajectories([unknownProblem]))).code).toBe("not-found");
      expect(await store.trajectories(key)).toEqual([]);
      expect(await store.rolloutKeys(key)).toEqual([]);
    });

    it("leaves nothing of a trajectory that cannot be stored whole", async () => {
      const entry = buildStoredTrajectory({ key: { runId: await newRun(store) } });
      const [turn] = entry.trajectory.turns;
      const broken = { ...entry, trajectory: { ...entry.trajectory, turns: [{ ...turn!, sampledTokens: 1.5 }] } };
      expect((await errorOf(store.saveTrajectories([broken]))).code).toBe("invalid-input");
      expect(await store.rolloutKeys({ runId: entry.key.runId })).toEqual([]);
      expect(await store.saveTrajectories([entry])).toEqual(["stored"]);
    });

    it("gives back any trajectory as it was written", { timeout: 120_000 }, async () => {
      const id = await newRun(store);
      await fc.assert(
        fc.asyncProperty(arbitraryStoredTrajectory, async (drawn) => {
          const key = { ...drawn.key, runId: id };
          const entry = { ...drawn, key, id: trajectoryId(key) };
          const [result] = await store.saveTrajectories([entry]);
          if (result === "stored") expect(await store.trajectory(entry.id)).toEqual(entry);
        }),
        { numRuns: 100, seed: 7 },
      );
    });

    it("orders by stage, step, purpose, group, member, filters and pages", async () => {
      const id = await newRun(store);
      await store.saveProblems(id, "train", [buildProblem()]);
      const keys: RolloutKey[] = [];
      for (const stage of ["Z", "a", "ä"]) {
        for (const step of [2, 10]) {
          for (const purpose of ["ask", "evaluation", "evaluation-sampled", "train"] as const) {
            for (const [group, member] of [
              [0, 0],
              [0, 11],
              [2, 1],
              [10, 0],
            ] as const)
              keys.push({ runId: id, stage, step, purpose, group, member });
          }
        }
      }
      const entries = keys
        .toReversed()
        .map((key) => buildStoredTrajectory({ key, problemId: key.group === 2 ? buildProblem().id : null }));
      await store.saveTrajectories(entries);
      expect(await store.rolloutKeys({ runId: id })).toEqual(keys);
      expect((await store.trajectories({ runId: id })).map((entry) => entry.key)).toEqual(keys);
      const filter = { runId: id, stage: "a", step: 10, purpose: "evaluation" } as const;
      const expected = keys.filter((key) => key.stage === "a" && key.step === 10 && key.purpose === "evaluation");
      expect(await store.rolloutKeys(filter)).toEqual(expected);
      expect((await store.trajectories(filter, { offset: 1, limit: 2 })).map((entry) => entry.key)).toEqual(
        expected.slice(1, 3),
      );
      expect(await store.trajectories(filter, { offset: 4, limit: 2 })).toEqual([]);
      expect(await store.rolloutKeys({ runId: id, problemId: buildProblem().id })).toEqual(
        keys.filter((key) => key.group === 2),
      );
      expect(await store.rolloutKeys({ runId: runId("absent") })).toEqual([]);
    });

    const underTest = { store: () => store, newRun: () => newRun(store) };
    itSavesManyAtOnce(underTest);
    itFencesLateWriters(underTest);
    itSummarises(underTest);
    itCountsRevisions(underTest);

    it("removes the trajectories of one run, all of them and nothing else", async () => {
      const [doomed, kept] = [await newRun(store), await newRun(store)];
      for (const run of [doomed, kept]) {
        await store.saveProblems(run, "train", [buildProblem()]);
        await store.saveTrajectories([0, 1, 2].map((member) => buildStoredTrajectory({ key: { runId: run, member } })));
        await store.saveMetrics([{ runId: run, stage: "rl", step: 1, name: "reward", value: 0.5 }]);
      }
      const before = await store.trajectories({ runId: kept });
      expect((await errorOf(store.removeTrajectories(doomed, 2))).code).toBe("conflict");
      expect(await store.trajectories({ runId: doomed })).toHaveLength(3);
      await store.removeTrajectories(doomed, 3);
      expect(await store.trajectories({ runId: doomed })).toEqual([]);
      expect(await store.rolloutKeys({ runId: doomed })).toEqual([]);
      expect(await store.metrics(doomed)).toHaveLength(1);
      expect(await store.trajectories({ runId: kept })).toEqual(before);
      expect(before).toHaveLength(3);
      await store.removeTrajectories(doomed, 0);
    });

    it("keeps every kind of number in a metric, in the order written, once each", async () => {
      const id = await newRun(store);
      const values = [NaN, Infinity, -Infinity, -0, 0, 1 / 3, 5e-324, Number.MAX_VALUE, -17.12345678901234];
      const metrics: MetricRecord[] = values.map((value, step) => ({
        runId: id,
        stage: "rl",
        step,
        name: "z\0",
        value,
      }));
      await store.saveMetrics(metrics);
      await store.saveMetrics([{ ...metrics[0]!, value: 1 }]);
      await store.saveMetrics([]);
      expect(await store.metrics(id)).toEqual(metrics);
    });

    it("gives metrics of some names as columns, by step", async () => {
      const id = await newRun(store);
      const metric = (stage: string, step: number, name: string, value: number): MetricRecord => ({
        runId: id,
        stage,
        step,
        name,
        value,
      });
      await store.saveMetrics([metric("rl", 2, "b", 0.5), metric("rl", 1, "b", NaN), metric("rl", 1, "a\0", -0)]);
      await store.saveMetrics([metric("Z", 7, "b", -Infinity), metric("rl", 3, "b", 1 / 3), metric("rl", 1, "c", 9)]);
      expect(await store.metricCurves(id, ["b", "a\0", "absent"])).toEqual([
        { stage: "rl", name: "a\0", steps: [1], values: [-0] },
        { stage: "Z", name: "b", steps: [7], values: [-Infinity] },
        { stage: "rl", name: "b", steps: [1, 2, 3], values: [NaN, 0.5, 1 / 3] },
      ]);
      expect([await store.metricCurves(id, []), await store.metricCurves(runId("absent"), ["b"])]).toEqual([[], []]);
    });

    it("gives of each run and name the metric that was written last", async () => {
      const [id, other] = [await newRun(store), await newRun(store)];
      const metric = (step: number, name: string, value: number, stage = "rl"): MetricRecord => ({
        runId: id,
        stage,
        step,
        name,
        value,
      });
      await store.saveMetrics([metric(9, "b", 1), metric(1, "b", -0), metric(2, "a\0", 3)]);
      await store.saveMetrics([metric(9, "b", 7), metric(3, "Z", NaN, "\uD800")]);
      await store.commitStep(buildCommit(other, 1));
      const own = columnsOf(id, [metric(3, "Z", NaN, "\uD800"), metric(2, "a\0", 3), metric(1, "b", -0)]);
      expect(await store.latestMetrics([id])).toEqual([own]);
      expect(await store.latestMetrics([other, runId("absent"), id])).toEqual(
        [own, columnsOf(other, buildCommit(other, 1).metrics)].toSorted((a, b) => (a.runId < b.runId ? -1 : 1)),
      );
      expect(await store.latestMetrics([])).toEqual([]);
    });

    it("commits a step whole, and once", async () => {
      const id = await newRun(store);
      const [first, second] = [buildCommit(id, 1), buildCommit(id, 2)];
      await store.savePolicyVersion({
        runId: id,
        version: policyVersion(0),
        adapter: null,
        parentSha256: null,
        stage: "base",
        step: 0,
      });
      await store.commitStep(first);
      await store.commitStep(second);
      await store.commitStep(first);
      expect(await store.checkpoints(id)).toEqual([first.checkpoint, second.checkpoint]);
      expect((await store.policyVersions(id)).map((record) => record.version)).toEqual([0, 1, 2]);
      expect((await store.policyVersions(id)).slice(1)).toEqual([first.version, second.version]);
      expect(await store.metrics(id)).toEqual([...first.metrics, ...second.metrics]);
    });

    it("refuses a second commit of a step with other weights, and keeps nothing of it", async () => {
      const id = await newRun(store);
      await store.commitStep(buildCommit(id, 1));
      expect((await errorOf(store.commitStep(buildCommit(id, 1, "other")))).code).toBe("conflict");
      const other = buildCommit(id, 2, "other");
      const replayed = { ...other, checkpoint: { ...other.checkpoint, step: 1 } };
      expect((await errorOf(store.commitStep(replayed))).code).toBe("conflict");
      expect(await store.policyVersions(id)).toEqual([buildCommit(id, 1).version]);
      expect(await store.metrics(id)).toEqual(buildCommit(id, 1).metrics);
    });

    it("keeps nothing of a step of which one part fails", async () => {
      const id = await newRun(store);
      const commit = buildCommit(id, 1);
      const metrics = [...commit.metrics, { runId: runId("nowhere"), stage: "rl", step: 1, name: "x", value: 1 }];
      expect((await errorOf(store.commitStep({ ...commit, metrics }))).code).toBe("not-found");
      expect([await store.checkpoints(id), await store.policyVersions(id), await store.metrics(id)]).toEqual([
        [],
        [],
        [],
      ]);
    });

    it("keeps what an update made of a trajectory with its step, and removes it with the trajectory", async () => {
      const id = await newRun(store);
      const entries = [0, 1, 2].map((member) => buildStoredTrajectory({ key: { runId: id, member } }));
      await store.saveTrajectories(entries);
      const [first, second, third] = entries.map((entry) => entry.id);
      const advantages = [0.5, -0, 1 / 3, -1e-300, 0, 2];
      const trained = [
        { trajectoryId: first!, step: 1, advantages, trainerLogProbs: [-0.25, -Infinity, NaN, -3, -4, 0] },
        { trajectoryId: second!, step: 1, advantages: advantages.toReversed(), trainerLogProbs: null },
      ];
      await store.commitStep({ ...buildCommit(id, 1), trained });
      await store.commitStep({ ...buildCommit(id, 1), trained: [{ ...trained[0]!, trajectoryId: third! }] });
      expect(await Promise.all(entries.map((entry) => store.trained(entry.id)))).toEqual([...trained, null]);
      const unknown = buildStoredTrajectory({ key: { runId: id, member: 9 } }).id;
      const broken = { ...buildCommit(id, 2), trained: [{ ...trained[0]!, trajectoryId: unknown }] };
      expect((await errorOf(store.commitStep(broken))).code).toBe("not-found");
      expect(await store.checkpoints(id)).toHaveLength(1);
      await store.removeTrajectories(id, 3);
      expect(await store.trained(first!)).toBeNull();
    });

    it("gives back evaluations, any plain JSON, in the order written", async () => {
      const id = await newRun(store);
      const json = fc.jsonValue().filter((value) => value !== null);
      const results = [
        ...fc.sample(json, { numRuns: 30, seed: 3 }),
        { "\0": [NaN, -0], z: "\u001A0000", a: { __proto__: null, b: 1e-7 } },
      ];
      const evaluations = results.map((result, step) => ({ runId: id, stage: "rl", step, split: "test", result }));
      for (const evaluation of evaluations) await store.saveEvaluation(evaluation);
      await store.saveEvaluation({ ...evaluations[0]!, result: "changed" });
      expect(await store.evaluations(id)).toEqual(evaluations);
      const later = { runId: await newRun(store), stage: "rl", step: 0, split: "test", result: 1 };
      await store.saveEvaluation(later);
      const all = later.runId < id ? [later, ...evaluations] : [...evaluations, later];
      expect(await store.evaluationsOf([later.runId, runId("absent"), id])).toEqual(all);
      expect(await store.evaluationsOf([])).toEqual([]);
    });

    it("takes any text as a value, never as SQL", async () => {
      const id = await newRun(store);
      await fc.assert(
        fc.asyncProperty(arbitraryText, async (text) => {
          expect(await store.problem(id, problemId(text))).toBeNull();
          expect(await store.run(text as typeof id)).toBeNull();
          expect(await store.rolloutKeys({ runId: id, stage: text, problemId: problemId(text) })).toEqual([]);
          expect(await store.latestMetrics([text as typeof id])).toEqual([]);
        }),
        { numRuns: 40, seed: 11 },
      );
      expect(await store.run(id)).not.toBeNull();
    });
  });
}
