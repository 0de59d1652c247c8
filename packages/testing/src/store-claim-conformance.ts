import { LitmusError, policyVersion, problemId, runId } from "@litmus/core";
import type { GroupKey, RunId, StoredTrajectory, TrajectoryStore } from "@litmus/core";
import { expect, it } from "vitest";
import { buildReward, buildStoredTrajectory } from "./build-trajectory.ts";

/** What a suite needs of the store it tests. */
export interface StoreUnderTest {
  readonly store: () => TrajectoryStore;
  /** Registers a run of its own. */
  readonly newRun: () => Promise<RunId>;
}

const version = policyVersion(3);
const groupOf = (id: RunId, group = 0): GroupKey => ({ runId: id, stage: "rl", step: 1, purpose: "train", group });
const entryOf = (group: GroupKey, member: number): StoredTrajectory =>
  buildStoredTrajectory({ key: { ...group, member } });
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "none",
    (error: unknown) => (LitmusError.isInstance(error) ? error.code : "untyped"),
  );

/** Many trajectories at once: all, or none. */
export function itSavesManyAtOnce({ store, newRun }: StoreUnderTest): void {
  it("saves many trajectories in one transaction, and answers in their order", async () => {
    const group = groupOf(await newRun());
    const entries = Array.from({ length: 250 }, (_, member) => entryOf(group, (member * 7) % 250));
    expect(await store().saveTrajectories(entries.slice(100, 110))).toEqual(Array.from({ length: 10 }, () => "stored"));
    const results = await store().saveTrajectories(entries);
    expect(results).toEqual(entries.map((_, index) => (index >= 100 && index < 110 ? "exists" : "stored")));
    const inOrder = entries.toSorted((a, b) => a.key.member - b.key.member);
    expect(await store().trajectories({ runId: group.runId })).toEqual(inOrder);
    expect(await store().saveTrajectories([])).toEqual([]);
  });

  it("stores the first of two entries with one key", async () => {
    const entry = entryOf(groupOf(await newRun()), 0);
    const second = { ...entry, reward: buildReward({ total: 7 }) };
    expect(await store().saveTrajectories([entry, second, entry])).toEqual(["stored", "exists", "exists"]);
    expect(await store().trajectory(entry.id)).toEqual(entry);
  });

  it("saves none of many when one of them cannot be stored", async () => {
    const group = groupOf(await newRun());
    const broken = { ...entryOf(group, 1), problemId: problemId("absent") };
    const saving = store().saveTrajectories([entryOf(group, 0), broken, entryOf(group, 2)]);
    expect(await codeOf(saving)).toBe("not-found");
    expect(await store().rolloutKeys({ runId: group.runId })).toEqual([]);
  });

  it("saves sets that overlap at the same time, each key once", async () => {
    const group = groupOf(await newRun());
    const entries = Array.from({ length: 30 }, (_, member) => entryOf(group, member));
    const sets = [entries, entries.toReversed(), entries.slice(5, 25), entries.slice(10).toReversed()];
    const results = await Promise.all(sets.map((set) => store().saveTrajectories(set)));
    expect(results.flat().filter((result) => result === "stored")).toHaveLength(entries.length);
    expect(await store().trajectories({ runId: group.runId })).toEqual(entries);
  });
}

/** Claims on groups: the last one alone may write. */
export function itFencesLateWriters({ store, newRun }: StoreUnderTest): void {
  it("counts the claims on a group, each with the members stored by then", async () => {
    const group = groupOf(await newRun());
    const first = await store().claimGroup(group, version);
    expect(first).toEqual({ claim: { group, attempt: 1 }, stored: [] });
    const members = [entryOf(group, 10), entryOf(group, 2)];
    expect(await store().saveTrajectories(members, first.claim)).toEqual(["stored", "stored"]);
    expect(await store().claimGroup(group, version)).toEqual({ claim: { group, attempt: 2 }, stored: [2, 10] });
    const others = [
      groupOf(group.runId, 1),
      { ...group, stage: "Rl" },
      { ...group, step: 2 },
      { ...group, purpose: "ask" as const },
    ];
    for (const other of others)
      expect(await store().claimGroup(other, version)).toEqual({ claim: { group: other, attempt: 1 }, stored: [] });
  });

  it("writes nothing under a claim that is void, or that was never granted", async () => {
    const group = groupOf(await newRun());
    const { claim: late } = await store().claimGroup(group, version);
    const [before, after] = [entryOf(group, 0), entryOf(group, 1)];
    expect(await store().saveTrajectories([before], late)).toEqual(["stored"]);
    const { claim } = await store().claimGroup(group, version);
    const another = { ...before, reward: null };
    expect(await store().saveTrajectories([another, after], late)).toEqual(["fenced", "fenced"]);
    const never = { group: groupOf(group.runId, 9), attempt: 1 };
    expect(await store().saveTrajectories([entryOf(never.group, 0)], never)).toEqual(["fenced"]);
    expect(await store().trajectories({ runId: group.runId })).toEqual([before]);
    expect(await store().saveTrajectories([another, after], claim)).toEqual(["exists", "stored"]);
    expect(await store().trajectories({ runId: group.runId })).toEqual([before, after]);
  });

  it("lets two writers of one claim write, and a writer without one", async () => {
    const group = groupOf(await newRun());
    const { claim } = await store().claimGroup(group, version);
    const members = [0, 1, 2].map((member) => entryOf(group, member));
    const claims = [claim, claim, undefined];
    const results = await Promise.all(members.map((entry, index) => store().saveTrajectories([entry], claims[index])));
    expect(results).toEqual([["stored"], ["stored"], ["stored"]]);
    expect((await store().claimGroup(group, version)).stored).toEqual([0, 1, 2]);
  });

  it("refuses a claim for another policy version, and keeps the one before", async () => {
    const group = groupOf(await newRun());
    const { claim } = await store().claimGroup(group, version);
    expect(await codeOf(store().claimGroup(group, policyVersion(4)))).toBe("conflict");
    expect(await store().saveTrajectories([entryOf(group, 0)], claim)).toEqual(["stored"]);
    expect(await store().claimGroup(group, version)).toEqual({ claim: { group, attempt: 2 }, stored: [0] });
  });

  it("refuses a claim on a run it does not know, and an entry of another group than the claimed one", async () => {
    expect(await codeOf(store().claimGroup(groupOf(runId("nowhere")), version))).toBe("not-found");
    const group = groupOf(await newRun());
    const { claim } = await store().claimGroup(group, version);
    const saving = store().saveTrajectories([entryOf(group, 0), entryOf(groupOf(group.runId, 1), 0)], claim);
    expect(await codeOf(saving)).toBe("invalid-input");
    expect(await store().rolloutKeys({ runId: group.runId })).toEqual([]);
  });

  it("decides a race: a member is known to the next claim, or its writer is fenced", async () => {
    const id = await newRun();
    let written = 0;
    for (let round = 0; round < 20; round += 1) {
      const group = groupOf(id, round);
      const { claim } = await store().claimGroup(group, version);
      const save = (): Promise<readonly string[]> => store().saveTrajectories([entryOf(group, 0)], claim);
      const next = (): ReturnType<TrajectoryStore["claimGroup"]> => store().claimGroup(group, version);
      const [[saved], { stored }] =
        round % 2 === 0 ? await Promise.all([save(), next()]) : swap(await Promise.all([next(), save()]));
      expect({ saved, stored }).toEqual(saved === "stored" ? { saved, stored: [0] } : { saved: "fenced", stored: [] });
      written += stored.length;
    }
    expect(await store().trajectories({ runId: id })).toHaveLength(written);
  });

  it("grants claims asked for at the same time one after the other", async () => {
    const group = groupOf(await newRun());
    const claims = await Promise.all(Array.from({ length: 8 }, () => store().claimGroup(group, version)));
    expect(claims.map(({ claim }) => claim.attempt).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const results = await Promise.all(
      claims.map(({ claim }) => store().saveTrajectories([entryOf(group, claim.attempt)], claim)),
    );
    const expected = claims.map(({ claim }) => (claim.attempt === 8 ? "stored" : "fenced"));
    expect(results.flat()).toEqual(expected);
  });
}

const swap = <A, B>([a, b]: readonly [A, B]): readonly [B, A] => [b, a];
