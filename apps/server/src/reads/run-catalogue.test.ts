import { runId, type RunRecord } from "@litmus/core";
import { createManualTiming } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import type { StoreReader } from "../store-reader.ts";
import { buildEvaluation, buildExperiment } from "../testing/build-evaluated.ts";
import { createStoreReads } from "../views/store-reads.ts";

/** A store of so many runs that counts who is read. */
function counted(count: number) {
  const runs = new Map<string, RunRecord>(
    Array.from({ length: count }, (_, i) => {
      const createdAt = new Date(Date.UTC(2026, 0, 1 + i)).toISOString();
      const run = buildExperiment(`run-${i}`, { createdAt });
      return [run.id, run];
    }),
  );
  const revisions = new Map([...runs.keys()].map((id) => [id, 1]));
  const read: (readonly string[])[] = [];
  let listed = 0;
  let gate: Promise<void> = Promise.resolve();
  /** Reads from now on come when the function that is given back is called. */
  const held = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  const store = {
    revisions: async () => [...revisions].map(([id, revision]) => ({ runId: runId(id), revision })),
    runs: async () => {
      listed += 1;
      return [...runs.values()];
    },
    run: async (id) => runs.get(id) ?? null,
    latestMetrics: async (ids) => {
      read.push(ids);
      const rows = ids.map((id) => ({
        runId: id,
        names: ["reward"],
        stages: ["sft"],
        values: [revisions.get(id) ?? 0],
      }));
      await gate;
      return rows;
    },
    evaluationsOf: async (ids) =>
      ids.map((id) => ({ runId: id, stage: "base", step: 0, split: "test", result: buildEvaluation("1") })),
    rolloutTotals: async () => [],
  } as Partial<StoreReader> as StoreReader;
  const timing = createManualTiming();
  const reads = createStoreReads({ store, timing });
  return { reads, revisions, runs, timing, read, held, listed: () => listed };
}

describe("catalogue", () => {
  it("reads all runs once, then only those that changed, and keeps the others as they are", async () => {
    const { reads, revisions, timing, read, listed } = counted(30);
    const [first, same] = await Promise.all([reads.catalogue(), reads.catalogue()]);
    expect(first).toBe(same);
    expect(first.map(({ run }) => run.id).slice(0, 2)).toEqual(["run-29", "run-28"]);
    expect([read.length, read[0]?.length, listed()]).toEqual([1, 30, 1]);
    revisions.set("run-7", 2);
    timing.pass(500);
    const second = await reads.catalogue();
    expect([read[1], listed()]).toEqual([["run-7"], 1]);
    const changed = second.filter((entry, i) => entry !== first[i]);
    expect(changed.map(({ run, latest }) => [run.id, latest.get("reward")?.value])).toEqual([["run-7", 2]]);
    timing.pass(500);
    expect(await reads.catalogue()).toBe(second);
  });

  it("never gives who has seen a change what was read before it", async () => {
    const { reads, revisions, timing, read, held } = counted(2);
    const answer = held();
    const early = reads.catalogue();
    while (read.length === 0) await Promise.resolve();
    revisions.set("run-1", 2);
    timing.pass(500);
    const late = reads.catalogue();
    await reads.watch.refresh();
    expect(reads.revision(runId("run-1"))).toBe(2);
    answer();
    const rewardOf = async (catalogue: typeof early) => (await catalogue)[0]?.latest.get("reward")?.value;
    expect([await rewardOf(early), await rewardOf(late)]).toEqual([1, 2]);
  });

  it("finds a run that is new", async () => {
    const { reads, revisions, runs, timing } = counted(2);
    await reads.catalogue();
    const added = buildExperiment("run-2", { createdAt: "2026-02-01T00:00:00.000Z" });
    runs.set(added.id, added);
    revisions.set(added.id, 1);
    timing.pass(500);
    expect((await reads.catalogue()).map(({ run }) => run.id)).toEqual(["run-2", "run-1", "run-0"]);
  });
});
