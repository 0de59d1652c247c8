import type { RunView, SystemView } from "@litmus/api";
import type { RolloutTotals } from "@litmus/core";
import type { Catalogue, CataloguedRun } from "../../reads/run-catalogue.ts";
import { runFailures } from "../run/run-failures.ts";
import type { StoreReads } from "../store-reads.ts";

/** What people asked is never scored: that is no failure. */
export const isFailing = ({ purpose, failed }: Pick<RolloutTotals, "purpose" | "failed">): boolean =>
  purpose !== "ask" && failed > 0;

const known = new WeakMap<CataloguedRun, Promise<RunView["failures"]>>();

/** Failures of all runs by boundary and code, most frequent first, each with an example of the newest run that has it. */
export async function allFailures(reads: StoreReads, catalogue: Catalogue): Promise<SystemView["failures"]> {
  const failing = catalogue.filter(({ totals }) => totals.some(isFailing));
  const found = await Promise.all(
    failing.map(async (run) =>
      (await failuresOf(reads, run)).map(({ boundary, code, count, message }) => ({
        boundary,
        code,
        count,
        example: message,
        runId: run.run.id,
      })),
    ),
  );
  const groups = Map.groupBy(found.flat(), ({ boundary, code }) => `${boundary}/${code}`);
  return [...groups.entries()]
    .flatMap(([, [newest, ...others]]) =>
      newest === undefined ? [] : [{ ...newest, count: others.reduce((sum, each) => sum + each.count, newest.count) }],
    )
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

function failuresOf({ store }: StoreReads, from: CataloguedRun): Promise<RunView["failures"]> {
  const found = known.get(from);
  if (found !== undefined) return found;
  const trajectories = from.totals.reduce((sum, each) => sum + each.trajectories, 0);
  const loading = store
    .summaries({ runId: from.run.id, isFailed: true })
    .then((failed) => runFailures(failed, trajectories));
  known.set(from, loading);
  loading.catch(() => known.delete(from));
  return loading;
}
