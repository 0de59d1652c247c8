import type { MetricCurve, RunId } from "@litmus/core";
import type { StoreReads } from "../store-reads.ts";

/** Metrics of a run as columns, by name and stage. Each is remembered by itself; the store is asked once for all that are missing. */
export async function metricCurves(
  reads: StoreReads,
  runId: RunId,
  names: readonly string[],
): Promise<readonly MetricCurve[]> {
  const load = loadTogether((missing) => reads.store.metricCurves(runId, missing));
  const wanted = [...new Set(names)].sort();
  const found = await Promise.all(wanted.map((name) => reads.remember(runId, `curve ${name}`, () => load(name))));
  return found.flat();
}

type Load<Names> = (names: Names) => Promise<readonly MetricCurve[]>;

/** Loads of single names that are begun at once, as one load of all of them. */
function loadTogether(loadAll: Load<readonly string[]>): Load<string> {
  let next: { readonly names: string[]; readonly curves: Promise<readonly MetricCurve[]> } | null = null;
  const begin = (): NonNullable<typeof next> => {
    const names: string[] = [];
    const curves = Promise.resolve().then(() => {
      next = null;
      return loadAll(names);
    });
    return { names, curves };
  };
  return async (name) => {
    next ??= begin();
    next.names.push(name);
    return (await next.curves).filter((curve) => curve.name === name);
  };
}
