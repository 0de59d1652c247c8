import { join } from "node:path";
import { LitmusError, runId, type TokenPolicy, type TrajectoryStore } from "@litmus/core";
import { createFakeRetriever, withoutTimes } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createScriptedPolicy } from "../../../policy/src/index.ts";
import { createScriptedTrainer } from "../../../trainer/src/index.ts";
import { openTinyWorld, tinyConfig, type TinyContext, type TinyWorld } from "../testing/build-context.ts";
import { tinyRecords } from "../testing/tiny-world.ts";
import type { RunResult } from "./run-event.ts";
import { runExperiment } from "./run-experiment.ts";
import { storedResult } from "./stored-result.ts";

let world: TinyWorld;
let other: TinyWorld;
beforeAll(async () => {
  [world, other] = [await openTinyWorld(), await openTinyWorld()];
});
afterAll(async () => {
  await world.close();
  await other.close();
});

/** All that a run stored, apart from times. */
async function contentOf({ store, runId: id }: TinyContext) {
  const trajectories = await store.trajectories({ runId: id });
  return {
    trajectories: trajectories.map(withoutTimes),
    trained: await Promise.all(trajectories.map((entry) => store.trained(entry.id))),
    versions: await store.policyVersions(id),
    checkpoints: (await store.checkpoints(id)).map(({ createdAt: _createdAt, ...checkpoint }) => checkpoint),
    metrics: (await store.metrics(id)).filter(({ name }) => name !== "seconds"),
    evaluations: await store.evaluations(id),
  };
}

const resultWithoutTimes = ({ steps, ...result }: RunResult) => ({
  ...result,
  steps: steps.map(({ seconds: _seconds, ...step }) => step),
});
const eventTypes = (context: TinyContext): string[] => context.events.map(({ type }) => type);

/** A policy that asks the run to stop at its n-th action. */
function stoppingAt(action: number, stop: () => void): TokenPolicy {
  let actions = 0;
  return createScriptedPolicy({
    contextTokens: 1024,
    latencyMs: () => {
      if (++actions === action) stop();
      return 0;
    },
  });
}

describe("runExperiment", () => {
  it("scores the base, trains stage after stage, scores each, and learns from rewards that vary", async () => {
    const context = await world.context({ runId: runId("whole") });
    const result = await runExperiment(context);
    expect(result.evaluations.map(({ stage, step, split, result: { n } }) => [stage, step, split, n])).toEqual([
      ["base", 0, "test", 4],
      ["sft", 4, "test", 4],
      ["grpo", 2, "test", 4],
    ]);
    expect(result.gains.map(({ from, to, measure }) => [from, to, measure])).toEqual([
      ["base", "sft", "greedy"],
      ["base", "sft", "sampled"],
      ["sft", "grpo", "greedy"],
      ["sft", "grpo", "sampled"],
    ]);
    expect(result.steps.map(({ step, episodes }) => [step, episodes])).toEqual([
      [1, 8],
      [2, 8],
    ]);
    expect(result.steps.some(({ updates }) => updates > 0)).toBe(true);
    expect(result.steps.some(({ exactMatch }) => exactMatch > 0)).toBe(true);
    for (const { meanKl } of result.steps) expect(meanKl ?? 0).toBe(0);
    expect(await context.store.rolloutKeys({ runId: context.runId })).toHaveLength(3 * (4 + 8) + 2 * 8);
    expect(eventTypes(context).filter((type) => type === "step-end")).toHaveLength(2);
    expect(await storedResult(context)).toEqual(result);
  });

  it("is equal in content to another run of the same config", async () => {
    const again = await other.context({ runId: runId("whole") });
    await runExperiment(again);
    const first = await world.context({ runId: runId("whole") });
    expect(await contentOf(again)).toEqual(await contentOf(first));
    expect(resultWithoutTimes(await storedResult(again))).toEqual(resultWithoutTimes(await storedResult(first)));
  });

  it("differs with the seed", async () => {
    const differently = await other.context({ config: tinyConfig(["seed=2"]) });
    await runExperiment(differently);
    const tokens = async (context: TinyContext) =>
      (await context.store.trajectories({ runId: context.runId })).map((entry) => entry.trajectory.tokens);
    expect(await tokens(differently)).not.toEqual(await tokens(await world.context({ runId: runId("whole") })));
  });

  it("makes nothing again when it is called after its end", async () => {
    const context = await world.context({ runId: runId("whole") });
    const before = await contentOf(context);
    const policy = createScriptedPolicy({ contextTokens: 1024 });
    const result = await runExperiment({ ...context, policy });
    expect(policy.metrics().sampledTokens).toBe(0);
    expect(resultWithoutTimes(result)).toEqual(resultWithoutTimes(await storedResult(context)));
    expect(await contentOf(context)).toEqual(before);
  });

  it("goes on after a stop at any action, and ends as an unbroken run does", async () => {
    const unbroken = await contentOf(await world.context({ runId: runId("whole") }));
    const id = runId("whole");
    const broken = await openTinyWorld();
    for (const action of [1, 9, 30, 17, 25]) {
      const context = await broken.context({ runId: id });
      const policy = stoppingAt(action, () => context.stop());
      await expect(runExperiment({ ...context, policy })).rejects.toMatchObject({ code: "interrupted" });
    }
    const last = await broken.context({ runId: id });
    await runExperiment(last);
    expect(await contentOf(last)).toEqual(unbroken);
    await broken.close();
  });

  it("goes on after each commit that a crash follows at once", async () => {
    const unbroken = await contentOf(await world.context({ runId: runId("whole") }));
    const broken = await openTinyWorld();
    const id = runId("whole");
    for (const method of [
      "saveEvaluation",
      "commitStep",
      "saveMetrics",
      "saveEvaluation",
      "commitStep",
      "commitStep",
      "saveEvaluation",
    ] as const) {
      const context = await broken.context({ runId: id });
      const store = crashingAfter(context.store, method);
      await expect(runExperiment({ ...context, store })).rejects.toThrow("crashed");
    }
    const last = await broken.context({ runId: id });
    await runExperiment(last);
    expect(await contentOf(last)).toEqual(unbroken);
    await broken.close();
  });

  it("samples each trajectory with the version of its step", async () => {
    const context = await world.context({ runId: runId("whole") });
    const versions = await context.store.policyVersions(context.runId);
    const before = (stage: string, step: number) =>
      versions.findLast((each) => each.stage !== stage || each.step < step)?.version ?? 0;
    for (const { key, trajectory } of await context.store.trajectories({ runId: context.runId, purpose: "train" })) {
      expect(trajectory.policy.version).toBe(before(key.stage, key.step));
      expect(trajectory.policy.adapterSha256).toBe(
        versions.find(({ version }) => version === trajectory.policy.version)?.adapter?.sha256,
      );
    }
  });

  it("stops where a search engine is down, and goes on when it is back", async () => {
    const failure = {
      boundary: "timeout",
      code: "search-timed-out",
      message: "no answer in 5 s",
      retryable: true,
    } as const;
    const retriever = createFakeRetriever({ records: tinyRecords, failOn: () => true, failure });
    const down = await world.context({ retriever });
    await expect(runExperiment(down)).rejects.toMatchObject({
      code: "gate-failed",
      path: "limits.failureShare",
      message: expect.stringContaining("timeout/search-timed-out: no answer in 5 s") as string,
    });
    for (const { reward } of await down.store.trajectories({ runId: down.runId })) expect(reward).not.toBeNull();
    const { evaluations } = await runExperiment(await world.context({ runId: down.runId }));
    expect(evaluations.map(({ result }) => result.failed)).toEqual([0, 0, 0]);
  });

  it("counts a search that takes too long as a failed episode", async () => {
    const retriever = createFakeRetriever({ records: tinyRecords, delayMs: 60_000 });
    const config = tinyConfig(["agent.timeoutMs=50", "limits.failureShare=1", "stages=[]", "evaluation.sampled=null"]);
    const policy = createScriptedPolicy({ contextTokens: 1024, script: () => "<search>gene</search>" });
    const { evaluations } = await runExperiment(await world.context({ retriever, config, policy }));
    expect(evaluations[0]?.result).toMatchObject({
      n: 0,
      exactMatch: null,
      failed: 4,
      failures: { "timeout/episode-timed-out": 4 },
    });
  });

  it("refuses a trainer that disagrees with the sampler, before a weight changes", async () => {
    const trainer = createScriptedTrainer({});
    const agreeing = trainer.forwardBackward.bind(trainer);
    trainer.forwardBackward = async (data, loss) => {
      const result = await agreeing(data, loss);
      return { ...result, logProbs: result.logProbs.map((one) => one.map((logProb) => logProb - 1)) };
    };
    const context = await world.context({ trainer: async () => trainer });
    await expect(runExperiment(context)).rejects.toMatchObject({
      code: "gate-failed",
      path: "limits.samplerTrainerKl",
    });
    expect((await context.store.checkpoints(context.runId)).map(({ stage, step }) => [stage, step])).toEqual([
      ["sft", 2],
      ["sft", 4],
    ]);
  });

  it("says so where no group varies, and keeps the version", async () => {
    const script = ({ turn }: { turn: number }): string =>
      turn === 0 ? "<search>gene</search>" : "<answer>nothing</answer>";
    const context = await world.context({ policy: createScriptedPolicy({ contextTokens: 1024, script }) });
    const { steps } = await runExperiment(context);
    expect(steps.map(({ updates, zeroVarianceGroups }) => [updates, zeroVarianceGroups])).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect(context.events.filter((event) => event.type === "alarm-raised").map(({ alarm }) => alarm)).toEqual([
      "no-variance",
      "no-variance",
    ]);
    expect((await context.store.policyVersions(context.runId)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it("compares trainer and sampler also where no group varies", async () => {
    const script = ({ turn }: { turn: number }): string =>
      turn === 0 ? "<search>gene</search>" : "<answer>nothing</answer>";
    const policy = createScriptedPolicy({ contextTokens: 1024, script });
    const trainer = createScriptedTrainer({});
    const agreeing = await runExperiment(await world.context({ policy, trainer: async () => trainer }));
    expect(agreeing.steps.map(({ meanKl }) => meanKl)).toEqual([expect.any(Number), expect.any(Number)]);
    const forward = trainer.forward.bind(trainer);
    trainer.forward = async (data) => (await forward(data)).map((one) => one.map((logProb) => logProb - 1));
    const context = await world.context({ policy, trainer: async () => trainer });
    await expect(runExperiment(context)).rejects.toMatchObject({
      code: "gate-failed",
      path: "limits.samplerTrainerKl",
    });
  });

  it("counts an update that was refused, and commits the step all the same", async () => {
    const trainer = createScriptedTrainer({});
    trainer.optimizerStep = async () => ({ gradientNorm: Number.NaN, applied: false });
    const context = await world.context({ trainer: async () => trainer });
    const { steps } = await runExperiment(context);
    expect(steps.map(({ updates }) => updates)).toEqual([0, 0]);
    expect(context.events.some((event) => event.type === "alarm-raised" && event.alarm === "gradient-not-finite")).toBe(
      true,
    );
  });

  it("divides a step into updates, and evaluates on the way", async () => {
    const config = tinyConfig([
      "stages.1.updatesPerStep=2",
      "stages.1.steps=3",
      "evaluation.every=1",
      "evaluation.sampled=null",
    ]);
    const context = await world.context({ config });
    const { evaluations, steps, gains } = await runExperiment(context);
    expect(evaluations.map(({ stage, step }) => [stage, step])).toEqual([
      ["base", 0],
      ["sft", 4],
      ["grpo", 1],
      ["grpo", 2],
      ["grpo", 3],
    ]);
    expect(gains.map(({ from, to, measure }) => [from, to, measure])).toEqual([
      ["base", "sft", "greedy"],
      ["sft", "grpo", "greedy"],
    ]);
    expect(steps).toHaveLength(3);
  });

  it("leaves the base policy's score out when told to", async () => {
    const context = await world.context({ config: tinyConfig(["evaluation.base=false"]) });
    const { evaluations, gains } = await runExperiment(context);
    expect(evaluations.map(({ stage }) => stage)).toEqual(["sft", "grpo"]);
    expect(gains.map(({ from, to }) => [from, to])).toEqual([
      ["sft", "grpo"],
      ["sft", "grpo"],
    ]);
  });

  it("leaves the base policy unsampled when told to, and compares what was sampled", async () => {
    const context = await world.context({ config: tinyConfig(["evaluation.sampled.base=false"]) });
    const { evaluations, gains } = await runExperiment(context);
    expect(evaluations.map(({ stage, result }) => [stage, result.sampled?.k ?? null])).toEqual([
      ["base", null],
      ["sft", 2],
      ["grpo", 2],
    ]);
    expect(gains.map(({ from, to, measure }) => [from, to, measure])).toEqual([
      ["base", "sft", "greedy"],
      ["sft", "grpo", "greedy"],
      ["sft", "grpo", "sampled"],
    ]);
  });

  it("goes on from an imported adapter, scored as a stage of its own, and resumes without importing again", async () => {
    const taught = await world.context();
    await runExperiment(taught);
    const [warm] = (await taught.store.checkpoints(taught.runId)).filter(({ stage }) => stage === "sft").slice(-1);
    const adapter = join(taught.directory, warm!.state.adapterPath);
    const config = tinyConfig([`stages.0={type: import, adapter: ${JSON.stringify(adapter)}}`]);
    const context = await world.context({ config });
    const { evaluations } = await runExperiment(context);
    expect(evaluations.map(({ stage, step }) => [stage, step])).toEqual([
      ["base", 0],
      ["import", 1],
      ["grpo", 2],
    ]);
    const checkpoints = await context.store.checkpoints(context.runId);
    expect(checkpoints.map(({ stage }) => stage)).toEqual(["import", "grpo", "grpo"]);
    expect(checkpoints[0]!.state.updates).toBe(0);
    const gone = await world.context({
      config,
      runId: context.runId,
      importedAdapter: () => Promise.reject(new Error()),
    });
    expect((await runExperiment(gone)).evaluations).toEqual(evaluations);
  });

  it("counts the taught tokens of each supervised step", async () => {
    // Every training problem once, searched as it stands and answered with its gene.
    const taught = ["queries=question", "citations=false", "twoTurnShare=0", "batch=1", "steps=4", "problems=4"];
    const config = tinyConfig([...taught.map((each) => `stages.0.${each}`), "evaluation.sampled=null"]);
    const context = await world.context({ config });
    await runExperiment(context);
    const counted = context.events.flatMap((event) => (event.type === "sft-step" ? [event.tokens] : []));
    const lengthOf = (text: string): number => context.policy.tokenizer.encode(text).length;
    const expected = context.problems.train
      .slice(0, 4)
      .map(
        ({ question, goldenAnswers: [gene] }) =>
          lengthOf(`<search>${question.slice(0, -1)}</search>`) + lengthOf(`<answer>${gene}</answer>`),
      );
    expect(counted.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
    const stored = (await context.store.metrics(context.runId)).filter(({ name }) => name === "tokens");
    expect(stored.filter(({ stage }) => stage === "sft").map(({ value }) => value)).toEqual(counted);
  });

  it("says what to do where no demonstration can be made", async () => {
    const context = await world.context({ retriever: createFakeRetriever({ records: [] }) });
    const error: unknown = await runExperiment(context).catch((cause: unknown) => cause);
    expect(LitmusError.isInstance(error) && [error.code, error.path]).toEqual(["invalid-data", "stages.sft"]);
  });
});

/** A store of which one method still writes, and then the process is gone. */
function crashingAfter(
  store: TrajectoryStore,
  method: "commitStep" | "saveEvaluation" | "saveMetrics",
): TrajectoryStore {
  let isGone = false;
  return new Proxy(store, {
    get:
      (target, name: keyof TrajectoryStore) =>
      async (...args: never[]) => {
        if (isGone) throw new Error("crashed");
        const result = await (target[name] as (...all: never[]) => Promise<unknown>)(...args);
        if (name !== method) return result;
        isGone = true;
        throw new Error("crashed");
      },
  });
}
