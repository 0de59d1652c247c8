import { fail, type Agent, type StoredTrajectory, type TokenPolicy, type TrajectoryStore } from "@litmus/core";
import { createFakeRetriever } from "@litmus/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTinyWorld, tinyConfig, type TinyContext, type TinyWorld } from "../testing/build-context.ts";
import { tinyProblems, tinyRecords } from "../testing/tiny-world.ts";
import { collectRollouts, type RolloutRequest } from "./collect-rollouts.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

/** Half of the episodes may fail. */
const lenient = tinyConfig(["limits.failureShare=0.5"]);

/** Two groups of `members` of the first step. */
function requestsFor(context: TinyContext, members = 3): RolloutRequest[] {
  return tinyProblems.slice(0, 2).flatMap((problem, group) =>
    Array.from({ length: members }, (_, member) => ({
      key: { runId: context.runId, stage: "grpo", step: 1, purpose: "train" as const, group, member },
      problem,
      agent: context.agents.trained,
      temperature: 1,
      seed: 10 * group + member,
    })),
  );
}

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
  it("stores each trajectory with its reward before it counts, and returns them in the order asked for", async () => {
    const plain = await world.context();
    const log: string[] = [];
    const context = withStore(plain, {
      saveTrajectories: async (entries, claim) => {
        const result = await plain.store.saveTrajectories(entries, claim);
        log.push("stored");
        return result;
      },
    });
    const requests = requestsFor(context);
    const counting = { ...context, emit: (event: { type: string }) => void log.push(event.type) };
    const entries = await collectRollouts(counting, requests);
    expect(entries.map((entry) => entry.key)).toEqual(requests.map((request) => request.key));
    expect(await storedOf(context)).toEqual(entries);
    for (const [index] of log.entries()) {
      const upTo = log.slice(0, index + 1);
      const count = (kind: string): number => upTo.filter((each) => each === kind).length;
      expect(count("stored")).toBeGreaterThanOrEqual(count("rollouts-progress"));
    }
    expect(log.filter((each) => each === "stored")).toHaveLength(requests.length);
    for (const { reward, rewardFailure } of entries) expect([reward === null, rewardFailure]).toEqual([false, null]);
  });

  it("does not make again what the store holds", async () => {
    const context = await world.context();
    const first = await collectRollouts(context, requestsFor(context, 2));
    let runs = 0;
    const agent: Agent = { name: "counting", run: (...args) => (runs++, context.agents.trained.run(...args)) };
    const requests = requestsFor(context, 3).map((request) => ({ ...request, agent }));
    const all = await collectRollouts(context, requests);
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
    expect(content(await collectRollouts(alone, requestsFor(alone)))).toEqual(
      content(await collectRollouts(one, requestsFor(one))),
    );
  });

  it("stores a failed search as a failure without a reward", async () => {
    const failure = { boundary: "retrieval", code: "search-timed-out", message: "too slow", retryable: true } as const;
    const retriever = createFakeRetriever({
      records: tinyRecords,
      failOn: (query) => query.includes("Marfan"),
      failure,
    });
    const context = await world.context({ retriever, config: lenient });
    const entries = await collectRollouts(context, requestsFor(context));
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
    const entries = await collectRollouts(context, requestsFor(context));
    for (const { problemId, reward, rewardFailure } of entries)
      expect([reward === null, rewardFailure]).toEqual(problemId === "p1" ? [true, failure] : [false, null]);
    expect(context.events.filter((event) => event.type === "episode-failed")).toHaveLength(3);
  });

  it("stops as soon as too many failed, keeps what was finished, and makes the failed ones again once the cause is mended", async () => {
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
    expect(retriever.calls.length).toBeLessThan(20);
    isDown = false;
    const again = await world.context({ retriever, runId: context.runId });
    const entries = await collectRollouts(again, requests);
    for (const { reward } of entries) expect(reward).not.toBeNull();
    expect(await storedOf(context)).toHaveLength(20);
  });

  it("makes no failed episode again that was stored, and counts it", async () => {
    const retriever = createFakeRetriever({ records: tinyRecords, failOn: (query) => query.includes("Marfan") });
    const context = await world.context({ retriever, config: lenient });
    const first = await collectRollouts(context, requestsFor(context, 2));
    const failed = first.filter(({ reward }) => reward === null);
    expect(failed.length).toBeGreaterThan(0);
    expect(await collectRollouts(await world.context({ runId: context.runId }), requestsFor(context, 2))).toEqual(
      first,
    );
  });

  it("stores no aborted episode, keeps what was finished, and goes on from there", async () => {
    const plain = await world.context();
    const stopAt = 5;
    const context: TinyContext = {
      ...plain,
      policy: watched(plain.policy, (action) => action === stopAt && plain.stop()),
    };
    await expect(collectRollouts(context, requestsFor(context))).rejects.toMatchObject({
      code: "interrupted",
      retryable: true,
    });
    const kept = await storedOf(context);
    expect(kept.length).toBeLessThan(6);
    for (const { trajectory } of kept) expect(trajectory.outcome.type).toBe("stopped");
    const resumed = await world.context({ runId: context.runId });
    const entries = await collectRollouts(resumed, requestsFor(resumed));
    expect(entries).toHaveLength(6);
    for (const entry of kept) expect(entries).toContainEqual(entry);
  });

  it("passes on what the store refuses, after the others have settled", async () => {
    const plain = await world.context();
    let saves = 0;
    let settled = 0;
    const context = withStore(plain, {
      saveTrajectories: async (entries, claim) => {
        if (++saves === 2) throw new Error("the disk is full");
        const result = await plain.store.saveTrajectories(entries, claim);
        settled += 1;
        return result;
      },
    });
    await expect(collectRollouts(context, requestsFor(context))).rejects.toThrow("the disk is full");
    expect(settled).toBe(saves - 1);
    expect(await storedOf(context)).toHaveLength(settled);
    expect(settled).toBeLessThan(6);
  });
});
