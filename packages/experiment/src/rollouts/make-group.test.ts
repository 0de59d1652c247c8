import { policyVersion, problemId, type RolloutAttempt, type RolloutJob } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTinyWorld, type TinyContext, type TinyWorld } from "../testing/build-context.ts";
import { makeGroup, type GroupMaker } from "./make-group.ts";

let world: TinyWorld;
beforeAll(async () => {
  world = await openTinyWorld();
});
afterAll(() => world.close());

const attempt: RolloutAttempt = { number: 1, signal: new AbortController().signal };
const jobOf = ({ runId }: TinyContext, changes: Partial<RolloutJob> = {}): RolloutJob => ({
  schemaVersion: 1,
  group: { runId, stage: "grpo", step: 1, purpose: "train", group: 0 },
  problemId: problemId("p1"),
  prompt: "trained",
  temperature: 1,
  seeds: [1, 2, 3],
  policyVersion: policyVersion(0),
  ...changes,
});
const makerOf = (context: TinyContext, changes: Partial<GroupMaker> = {}): GroupMaker => ({
  ...context,
  policyAt: async () => context.policy,
  inTurn: (episode) => episode(),
  ...changes,
});
const membersOf = async ({ store, runId }: TinyContext): Promise<number[]> =>
  (await store.rolloutKeys({ runId })).map(({ member }) => member);

describe("makeGroup", () => {
  it("makes the missing members alone, each from its own seed", async () => {
    const context = await world.context();
    await makeGroup(makerOf(context), jobOf(context, { seeds: [1] }), attempt);
    const [first] = await context.store.trajectories({ runId: context.runId });
    expect(await makeGroup(makerOf(context), jobOf(context), attempt)).toEqual({ failed: [] });
    const all = await context.store.trajectories({ runId: context.runId });
    expect(all.map(({ key, trajectory }) => [key.member, trajectory.seed])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(all[0]).toEqual(first);
  });

  it("writes nothing more once another attempt has the group", async () => {
    const context = await world.context();
    const job = jobOf(context);
    const store: GroupMaker["store"] = {
      ...context.store,
      saveTrajectories: async (entries, claim) => {
        if (entries[0]?.key.member === 1) await context.store.claimGroup(job.group, job.policyVersion);
        return context.store.saveTrajectories(entries, claim);
      },
    };
    let last: Promise<unknown> = Promise.resolve();
    // One after the other, so that the second member meets the later claim.
    const inTurn: GroupMaker["inTurn"] = (episode) => {
      const turn = last.then(episode);
      last = turn.catch(() => undefined);
      return turn;
    };
    await expect(makeGroup(makerOf(context, { store, inTurn }), job, attempt)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("another attempt"),
    });
    expect(await membersOf(context)).toEqual([0]);
  });

  it("refuses episodes that were sampled from another version", async () => {
    const context = await world.context();
    const job = jobOf(context, { policyVersion: policyVersion(3) });
    await expect(makeGroup(makerOf(context), job, attempt)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("from version 0 in place of 3"),
    });
    expect(await membersOf(context)).toEqual([]);
  });

  it("says which problem the run does not have", async () => {
    const context = await world.context();
    const job = jobOf(context, { problemId: problemId("p99") });
    await expect(makeGroup(makerOf(context), job, attempt)).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("p99"),
    });
  });

  it("makes nothing for an attempt that no longer counts", async () => {
    const context = await world.context();
    const over = { number: 1, signal: AbortSignal.abort(new Error("given to another worker")) };
    await expect(makeGroup(makerOf(context), jobOf(context), over)).rejects.toThrow("given to another worker");
    expect(await membersOf(context)).toEqual([]);
  });
});
