import {
  fail,
  LitmusError,
  type Agent,
  type StoredTrajectory,
  type TokenPolicy,
  type TrajectoryStore,
} from "@litmus/core";
import { createFakeRetriever } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../run/run-event.ts";
import { openTinyWorld, tinyConfig, type TinyContext, type TinyWorld } from "../testing/build-context.ts";
import { tinyProblems, tinyRecords } from "../testing/tiny-world.ts";
import { collectRollouts } from "./collect-rollouts.ts";
import { memberKeys, type RolloutRequest } from "./rollout-request.ts";
import { workInProcess } from "./work-in-process.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

/** Half of the episodes may fail. */
const lenient = tinyConfig(["limits.failureShare=0.5"]);

/** Two groups of `members` of the first step. */
function requestsFor(context: TinyContext, members = 3): RolloutRequest[] {
  return tinyProblems.slice(0, 2).map((problem, group) => ({
    group: { runId: context.runId, stage: "grpo", step: 1, purpose: "train", group },
    problem,
    prompt: "trained",
    temperature: 1,
    seeds: Array.from({ length: members }, (_, member) => 10 * group + member),
  }));
}
const collect = async (context: TinyContext, requests = requestsFor(context)): Promise<StoredTrajectory[]> =>
  (await collectRollouts(context, requests)).flat();

const withStore = (context: TinyContext, methods: Partial<TrajectoryStore>): TinyContext => ({
  ...context,
  store: { ...context.store, ...methods },
});
const storedOf = ({ store, runId }: TinyContext): Promise<readonly StoredTrajectory[]> => store.trajectories({ runId });

/** Calls `before` ahead of each action, with its number from 1. */
function watched(policy: TokenPolicy, before: (action: number) => void): TokenPolicy {
  let actions = 0;
  const watching = Object.create(policy) as TokenPolicy;
  for (const name of ["identity", "release", "useAdapter", "score", "metrics", "close"] as const)
    Object.assign(watching, { [name]: (...args: never[]) => (policy[name] as (...all: never[]) => unknown)(...args) });
  watching.sample = (request, signal) => {
    before(++actions);
    return policy.sample(request, signal);
  };
  return watching;
}

describe("collectRollouts", () => {
  it("has each trajectory stored with its reward before it counts, and returns them in the order asked for", async () => {
    const plain = await world.context();
    const log: string[] = [];
    const context = withStore(plain, {
      saveTrajectories: async (entries, claim) => {
        const results = await plain.store.saveTrajectories(entries, claim);
        for (const _ of entries) log.push("stored");
        return results;
      },
    });
    const requests = requestsFor(context);
    const counting = {
      ...context,
      emit: (event: RunEvent) => void (event.type === "rollouts-progress" && log.push(`done ${event.done}`)),
    };
    const groups = await collectRollouts(counting, requests);
    expect(groups.map((group) => group.map((entry) => entry.key))).toEqual(requests.map(memberKeys));
    expect(await storedOf(context)).toEqual(groups.flat());
    for (const [index, each] of log.entries()) {
      const stored = log.slice(0, index).filter((one) => one === "stored").length;
      if (each !== "stored") expect(stored).toBeGreaterThanOrEqual(Number(each.slice("done ".length)));
    }
    expect(log.at(-1)).toBe("done 6");
    for (const { reward, rewardFailure } of groups.flat())
      expect([reward === null, rewardFailure]).toEqual([false, null]);
  });

  it("does not have made again what the store holds", async () => {
    const context = await world.context();
    const first = await collect(context, requestsFor(context, 2));
    let runs = 0;
    const trained: Agent = { name: "counting", run: (...args) => (runs++, context.agents.trained.run(...args)) };
    const again = { ...context, agents: { ...context.agents, trained } };
    const all = await collect(again, requestsFor(context, 3));
    expect(runs).toBe(2);
    expect(all).toHaveLength(6);
    expect(all.filter(({ key }) => key.member < 2)).toEqual(first);
    expect(context.events.filter((event) => event.type === "rollouts-progress").at(-1)).toMatchObject({
      done: 6,
      total: 6,
    });
  });

  it("gives the same trajectories whatever runs beside them", async () => {
    const content = (entries: readonly StoredTrajectory[]) =>
      entries.map(({ trajectory, reward }) => [trajectory.tokens, trajectory.logProbs, reward]);
    const [one, other] = [await world.context(), await world.context()];
    const alone = { ...other, config: { ...other.config, policy: { ...other.config.policy, slots: 1 } } };
    expect(content(await collect(alone))).toEqual(content(await collect(one)));
  });

  it("stores a failed search as a failure without a reward", async () => {
    const failure = { boundary: "retrieval", code: "search-timed-out", message: "too slow", retryable: true } as const;
    const retriever = createFakeRetriever({
      records: tinyRecords,
      failOn: (query) => query.includes("Marfan"),
      failure,
    });
    const context = await world.context({ retriever, config: lenient });
    const entries = await collect(context);
    const failed = entries.filter((entry) => entry.trajectory.outcome.type === "failed");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every(({ problemId }) => problemId === "p1")).toBe(true);
    for (const entry of failed) {
      expect(entry.trajectory.outcome).toEqual({ type: "failed", failure });
      expect([entry.reward, entry.rewardFailure]).toEqual([null, null]);
    }
    expect(await storedOf(context)).toEqual(entries);
    expect(context.events.filter((event) => event.type === "episode-failed")).toHaveLength(failed.length);
  });

  it("stores a scorer's failure as one, never as 0", async () => {
    const failure = { boundary: "reward", code: "scorer-error", message: "it broke", retryable: false } as const;
    const plain = await world.context();
    const context = await world.context({
      config: lenient,
      verify: (trajectory, golden) =>
        trajectory.question.includes("Marfan") ? fail(failure) : plain.verify(trajectory, golden),
    });
    for (const { problemId, reward, rewardFailure } of await collect(context))
      expect([reward === null, rewardFailure]).toEqual(problemId === "p1" ? [true, failure] : [false, null]);
    expect(context.events.filter((event) => event.type === "episode-failed")).toHaveLength(3);
  });

  it("stops when too many failed, keeps what was finished, and has the failed ones made again once the cause is mended", async () => {
    let isDown = true;
    const retriever = createFakeRetriever({
      records: tinyRecords,
      failOn: (query) => isDown && query.includes("Marfan"),
    });
    const context = await world.context({ retriever });
    const requests = requestsFor(context, 10).reverse();
    await expect(collectRollouts(context, requests)).rejects.toMatchObject({
      code: "gate-failed",
      path: "limits.failureShare",
    });
    const kept = await storedOf(context);
    expect(kept.length).toBeGreaterThanOrEqual(10);
    for (const { reward } of kept) expect(reward).not.toBeNull();
    isDown = false;
    const again = await world.context({ retriever, runId: context.runId });
    for (const { reward } of await collect(again, requests)) expect(reward).not.toBeNull();
    expect(await storedOf(context)).toHaveLength(20);
  });

  it("has no failed episode made again that was stored, and counts it", async () => {
    const retriever = createFakeRetriever({ records: tinyRecords, failOn: (query) => query.includes("Marfan") });
    const context = await world.context({ retriever, config: lenient });
    const first = await collect(context, requestsFor(context, 2));
    const failed = first.filter(({ reward }) => reward === null);
    expect(failed.length).toBeGreaterThan(0);
    expect(await collect(await world.context({ runId: context.runId }), requestsFor(context, 2))).toEqual(first);
  });

  it("stores no aborted episode, keeps what was finished, and goes on from there", async () => {
    const plain = await world.context();
    const stopAt = 5;
    const context: TinyContext = {
      ...plain,
      policy: watched(plain.policy, (action) => action === stopAt && plain.stop()),
    };
    await expect(collect(context)).rejects.toMatchObject({ code: "interrupted", retryable: true });
    const kept = await storedOf(context);
    expect(kept.length).toBeLessThan(6);
    for (const { trajectory } of kept) expect(trajectory.outcome.type).toBe("stopped");
    const resumed = await world.context({ runId: context.runId });
    const entries = await collect(resumed);
    expect(entries).toHaveLength(6);
    for (const entry of kept) expect(entries).toContainEqual(entry);
  });

  it("stops with the store's own error when nothing more can be stored, after the others have settled", async () => {
    const plain = await world.context();
    let saves = 0;
    let stored = 0;
    const context = withStore(plain, {
      saveTrajectories: async (entries, claim) => {
        if (++saves >= 2) throw new LitmusError("out-of-space", "the disk is full");
        const results = await plain.store.saveTrajectories(entries, claim);
        stored += entries.length;
        return results;
      },
    });
    await expect(collect(context)).rejects.toMatchObject({
      code: "out-of-space",
      message: expect.stringContaining("the disk is full"),
    });
    expect(stored).toBe(1);
    expect(await storedOf(context)).toHaveLength(1);
  });

  it("counts the members of a group that cannot be made as failures, with what was stored of it", async () => {
    const plain = await world.context({ config: lenient });
    const broken: Agent = {
      name: "broken",
      run: async (question, ...rest) => {
        if (question.includes("Marfan")) throw new Error("a bug of the agent");
        return plain.agents.trained.run(question, ...rest);
      },
    };
    const context = { ...plain, agents: { ...plain.agents, trained: broken } };
    const entries = await collect(context);
    expect(entries.filter(({ reward }) => reward === null).map(({ problemId }) => problemId)).toEqual([
      "p1",
      "p1",
      "p1",
    ]);
    for (const { trajectory } of entries.slice(0, 3))
      expect(trajectory.outcome).toMatchObject({
        type: "failed",
        failure: { boundary: "queue", message: expect.stringContaining("a bug of the agent") },
      });
    expect(await storedOf(context)).toEqual(entries);
    expect(context.events.filter((event) => event.type === "alarm-raised")).toMatchObject([
      { alarm: "group-given-up" },
    ]);
  });

  it("takes what the store holds where a late worker stored a member that failed here", async () => {
    const retriever = createFakeRetriever({ records: tinyRecords, failOn: (query) => query.includes("Marfan") });
    const other = await world.context();
    const plain = await world.context({ retriever, config: lenient, runId: other.runId });
    const late = async (): Promise<void> => void (await collect(await world.context({ runId: other.runId })));
    const context = withStore(plain, {
      saveTrajectories: async (entries, claim) => {
        // Only failed episodes are stored without a claim.
        if (claim === undefined) await late();
        return plain.store.saveTrajectories(entries, claim);
      },
    });
    const entries = await collect(context);
    expect(context.events.some((event) => event.type === "episode-failed")).toBe(true);
    for (const { reward } of entries) expect(reward).not.toBeNull();
    expect(entries).toEqual(await storedOf(context));
  });

  it("says so where a worker writes to another store", async () => {
    const context = await world.context();
    const elsewhere = withStore(context, { saveTrajectories: async (entries) => entries.map(() => "stored") });
    await expect(collect(elsewhere)).rejects.toMatchObject({
      code: "not-found",
      hint: expect.stringContaining("this run's store"),
    });
  });

  it("leaves the work to others where this process does not work on the queue", async () => {
    const context = { ...(await world.context()), worksOnQueue: false };
    const ended = new AbortController();
    const elsewhere = await world.context({ runId: context.runId, queue: context.queue });
    const collected = collect(context);
    const [entries] = await Promise.all([
      collected.finally(() => ended.abort()),
      workInProcess(
        elsewhere,
        () => new Promise<void>((resolve) => ended.signal.addEventListener("abort", () => resolve())),
      ),
    ]);
    expect(entries).toHaveLength(6);
  });
});
