import type { RunRecord } from "@litmus/core";
import type { Catalogue } from "../../reads/run-catalogue.ts";
import { configLeaves } from "../run/config-leaves.ts";

const known = new WeakMap<RunRecord, ReadonlyMap<string, string | number>>();

/** The values of a run's config by their paths, numbers as such. */
export function configValues(run: RunRecord): ReadonlyMap<string, string | number> {
  const found = known.get(run);
  if (found !== undefined) return found;
  const values = new Map(configLeaves(run.config).map(({ path, value }) => [path, asNumber(value)]));
  known.set(run, values);
  return values;
}

function asNumber(value: string): string | number {
  return /^-?\d/.test(value) && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** Paths whose values differ between runs, by name; the run's name has a column of its own. */
export function differingPaths(catalogue: Catalogue): string[] {
  const first = new Map<string, string | number>();
  const counts = new Map<string, number>();
  const differing = new Set<string>();
  const configs = catalogue.map(({ run }) => configValues(run)).filter(({ size }) => size > 0);
  for (const values of configs) {
    for (const [path, value] of values) {
      counts.set(path, (counts.get(path) ?? 0) + 1);
      if (!first.has(path)) first.set(path, value);
      else if (first.get(path) !== value) differing.add(path);
    }
  }
  for (const [path, count] of counts) if (count < configs.length) differing.add(path);
  differing.delete("name");
  return [...differing].sort();
}
