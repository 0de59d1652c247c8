import type { Catalogue } from "../../reads/run-catalogue.ts";

/** Paths whose values differ between runs, by name; the run's name has a column of its own. */
export function differingPaths(catalogue: Catalogue): string[] {
  const paths = new Map<string, Seen>();
  const configs = catalogue.map(({ values }) => values).filter(({ size }) => size > 0);
  for (const values of configs) for (const [path, value] of values) see(paths, path, value);
  paths.delete("name");
  return [...paths].flatMap(([path, { differs, count }]) => (differs || count < configs.length ? [path] : [])).sort();
}

/** What was met at a path. */
interface Seen {
  readonly first: string | number;
  count: number;
  differs: boolean;
}

function see(paths: Map<string, Seen>, path: string, value: string | number): void {
  const seen = paths.get(path);
  if (seen === undefined) {
    paths.set(path, { first: value, count: 1, differs: false });
    return;
  }
  seen.count += 1;
  seen.differs ||= seen.first !== value;
}
