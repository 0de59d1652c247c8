import type { Catalogue } from "../../reads/run-catalogue.ts";

/** Paths whose values differ between runs, by name; the run's name has a column of its own. */
export function differingPaths(catalogue: Catalogue): string[] {
  const first = new Map<string, string | number>();
  const counts = new Map<string, number>();
  const differing = new Set<string>();
  const configs = catalogue.map(({ values }) => values).filter(({ size }) => size > 0);
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
