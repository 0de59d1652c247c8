import type { Attempt } from "@litmus/api";
import { trajectoryId, type Problem, type RolloutKey, type RunRecord, type StoredTrajectory } from "@litmus/core";
import { attemptOf } from "../attempt.ts";
import { askedElsewhere } from "../problem/asked-elsewhere.ts";
import { groupName, runOrder } from "../problem/run-order.ts";
import type { StoreReads } from "../store-reads.ts";

/** Of the same run, at most. */
const mostOthers = 40;

/** The same question at other checkpoints, in the order of the run, then in other runs: one attempt of each. */
export async function otherAttempts(
  reads: StoreReads,
  { run, entry, problem }: { run: RunRecord; entry: StoredTrajectory; problem: Problem | null },
): Promise<Attempt[]> {
  if (problem === null) return [];
  const order = runOrder(run);
  const summaries = await reads.store.summaries({ runId: run.id, problemId: problem.id });
  const groups = Map.groupBy(
    summaries.filter(({ key }) => groupName(key) !== groupName(entry.key)),
    ({ key }) => `${key.stage} ${key.step} ${key.purpose}`,
  );
  const own = [...groups.values()].flatMap((members) => members.slice(0, 1)).sort((a, b) => order(a.key, b.key));
  const elsewhere = await askedElsewhere(reads, run, problem);
  return [
    ...chosen(own, ({ key }) => key.purpose === "evaluation").map((summary) => attemptOf(summary, problem)),
    ...elsewhere.map(({ last }) => last),
  ];
}

/** Where there are too many, those that are preferred and the latest of the others, in their order. */
function chosen<T>(all: readonly T[], isPreferred: (one: T) => boolean): readonly T[] {
  if (all.length <= mostOthers) return all;
  const preferred = all.filter(isPreferred).slice(-mostOthers);
  const rest = all.filter((one) => !isPreferred(one));
  const kept = new Set([...preferred, ...rest.slice(rest.length - (mostOthers - preferred.length))]);
  return all.filter((one) => kept.has(one));
}

/** Neighbours in the list of its run, stage, step and purpose. */
export async function neighbours(
  reads: StoreReads,
  key: RolloutKey,
): Promise<{ previousId: string | null; nextId: string | null }> {
  const { runId, stage, step, purpose, group, member } = key;
  const keys = await reads.remember(runId, `keys of ${stage} ${step} ${purpose}`, () =>
    reads.store.rolloutKeys({ runId, stage, step, purpose }),
  );
  const index = keys.findIndex((each) => each.group === group && each.member === member);
  const idAt = (position: number): string | null => {
    const found = index < 0 ? undefined : keys[position];
    return found === undefined ? null : trajectoryId(found);
  };
  return { previousId: idAt(index - 1), nextId: idAt(index + 1) };
}
