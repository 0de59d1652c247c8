import type { ProblemId, RolloutTotals, RunId, TrajectorySummary } from "@litmus/core";
import type { StoreReader } from "../../store-reader.ts";
import { exactMatchOf, finite } from "../attempt.ts";
import type { StoreReads } from "../store-reads.ts";
import { groupName, type GroupPlace } from "./run-order.ts";

/** What a group came to. */
export interface GroupOutcome {
  readonly place: GroupPlace;
  readonly problemId: ProblemId | null;
  readonly attempts: number;
  /** Those without a reward. */
  readonly failed: number;
  /** Sums over the others. */
  readonly reward: number;
  readonly exactMatch: number;
}

type Cell = Pick<RolloutTotals, "stage" | "step" | "purpose">;

/** Steps and purposes that are remembered of a store, at most. */
const kept = 4_000;
/** So many are read one by one; more, with all of their run. */
const fewCells = 8;

const known = new WeakMap<StoreReader, Map<string, readonly GroupOutcome[]>>();

/** All groups of a run. Trajectories never change: a step is read again only when its totals say that there are more. */
export async function groupOutcomes(reads: StoreReads, runId: RunId): Promise<GroupOutcome[]> {
  const totals = await reads.remember(runId, "totals", () => reads.store.rolloutTotals([runId]));
  const memory = known.get(reads.store) ?? new Map<string, readonly GroupOutcome[]>();
  known.set(reads.store, memory);
  const missing = totals.filter((total) => !memory.has(JSON.stringify(total)));
  const read = await readCells(reads, runId, missing);
  const found = totals.map((total) => memory.get(JSON.stringify(total)) ?? read.get(cellName(total)) ?? []);
  for (const [index, total] of totals.entries()) {
    const name = JSON.stringify(total);
    memory.delete(name);
    memory.set(name, found[index] ?? []);
  }
  for (const name of memory.keys()) if (memory.size > kept) memory.delete(name);
  return found.flat();
}

async function readCells(
  reads: StoreReads,
  runId: RunId,
  cells: readonly Cell[],
): Promise<ReadonlyMap<string, readonly GroupOutcome[]>> {
  const filters =
    cells.length > fewCells ? [{ runId }] : cells.map(({ stage, step, purpose }) => ({ runId, stage, step, purpose }));
  const summaries = (await Promise.all(filters.map((filter) => reads.store.summaries(filter)))).flat();
  const groups = [...Map.groupBy(summaries, ({ key }) => groupName(key)).values()].map(outcomeOf);
  return Map.groupBy(groups, ({ place }) => cellName(place));
}

const cellName = ({ stage, step, purpose }: Cell): string => `${stage} ${step} ${purpose}`;

function outcomeOf(members: readonly TrajectorySummary[]): GroupOutcome {
  const [{ key, problemId }] = members as [TrajectorySummary];
  const scored = members.filter(({ rewardTotal }) => finite(rewardTotal) !== null);
  return {
    place: { stage: key.stage, step: key.step, purpose: key.purpose, group: key.group },
    problemId,
    attempts: members.length,
    failed: members.length - scored.length,
    reward: scored.reduce((sum, { rewardTotal }) => sum + (rewardTotal ?? 0), 0),
    exactMatch: scored.reduce((sum, summary) => sum + (exactMatchOf(summary) ?? 0), 0),
  };
}
