import { join } from "node:path";
import { runId, type PolicyVersion, type TokenPolicy } from "@litmus/core";
import { withoutTimes } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScriptedPolicy } from "../../../policy/src/index.ts";
import { parseConfig } from "../config/load-config.ts";
import { makeGroup } from "../rollouts/make-group.ts";
import { runExperiment } from "../run/run-experiment.ts";
import { openTinyWorld, tinyConfig, type TinyContext, type TinyWorld } from "../testing/build-context.ts";

const steps = 4;
const config = (staleness: number) =>
  tinyConfig([
    "store={engine: postgres}",
    "queue={engine: bullmq}",
    `stages.1.steps=${steps}`,
    `stages.1.staleness=${staleness}`,
  ]);

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

/** Makes the groups of a run as workers do, each with its job's version, while the run goes on. */
async function withWorker<T>(context: TinyContext, use: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const policyAt = async (version: PolicyVersion): Promise<TokenPolicy> => {
    const policy = createScriptedPolicy({ contextTokens: 1024 });
    const published = (await context.store.policyVersions(context.runId)).find((each) => each.version === version);
    const adapter = published?.adapter ?? null;
    if (adapter !== null) await policy.useAdapter({ ...adapter, path: join(context.directory, adapter.path) });
    return policy;
  };
  const maker = { ...context, policyAt, inTurn: <R>(episode: () => Promise<R>) => episode() };
  const working = context.queue.work((job, attempt) => makeGroup(maker, job, attempt), {
    concurrency: 2,
    signal: ended.signal,
  });
  try {
    return await use();
  } finally {
    ended.abort();
    await working;
  }
}

const trained = async ({ store, runId: id }: TinyContext) =>
  (await store.trajectories({ runId: id, stage: "grpo", purpose: "train" })).map(withoutTimes);

describe("groups made ahead", () => {
  it.each([
    // Two versions come from the warm start.
    [0, [2, 3, 4, 5], [0, 0, 0, 0]],
    [1, [2, 2, 3, 4], [0, 1, 1, 1]],
    [2, [2, 2, 2, 3], [0, 1, 2, 2]],
  ])("staleness %i: steps are sampled from versions %j, behind by %j", async (staleness, versions, behind) => {
    const context = await world.context({ config: config(staleness), worksOnQueue: false });
    const result = await withWorker(context, () => runExperiment(context));
    const entries = await trained(context);
    const sampledFrom = Array.from(
      { length: steps },
      (_, step) => new Set(entries.filter(({ key }) => key.step === step + 1).map((e) => e.trajectory.policy.version)),
    );
    expect(sampledFrom).toEqual(versions.map((version) => new Set([version])));
    expect(result.steps.map(({ versionsBehind }) => versionsBehind)).toEqual(behind);
  });

  it("stopped while groups are made ahead: goes on with equal trajectories and versions", async () => {
    const parts = { config: config(1), worksOnQueue: false };
    const whole = await world.context(parts);
    await withWorker(whole, () => runExperiment(whole));
    const id = runId("stopped");
    const stopped = await world.context({ ...parts, runId: id });
    const emit = stopped.emit;
    const stopping: TinyContext = {
      ...stopped,
      emit: (event) => {
        emit(event);
        if (event.type === "step-end" && event.step === 2) stopped.stop();
      },
    };
    await expect(withWorker(stopping, () => runExperiment(stopping))).rejects.toMatchObject({ code: "interrupted" });
    const again = await world.context({ ...parts, runId: id });
    await withWorker(again, () => runExperiment(again));
    const tokensOf = (entries: Awaited<ReturnType<typeof trained>>) =>
      entries.map(({ trajectory, reward }) => [trajectory.tokens, trajectory.policy.version, reward?.total]);
    expect(tokensOf(await trained(again))).toEqual(tokensOf(await trained(whole)));
  });
});

describe("staleness in an experiment file", () => {
  const text = (stage: string, queue: string): string => `
name: stale
seed: 1
model: { name: none, licence: none, sha256: null, sources: [{ type: path, path: none.gguf }] }
corpus: { name: tiny, path: none.jsonl, idSpace: own }
problems: { type: files, train: none, validation: none, test: none }
store: { engine: postgres }
queue: { engine: ${queue} }
stages: [{ type: grpo, steps: 2, problemsPerStep: 2, groupSize: 2, staleness: 1, optimizer: { learningRate: 1.0e-4 }${stage} }]
`;
  it.each([
    ["in one process", "", "in-process", "bullmq"],
    ["with dynamic sampling", ", dynamicSampling: {}", "bullmq", "dynamic sampling"],
    ["with a curriculum", ", curriculum: {}", "bullmq", "curriculum"],
  ])("is refused %s", (_, stage, queue, why) => {
    expect(() => parseConfig(text(stage, queue), { path: "stale.yaml" })).toThrow(why);
  });
});
