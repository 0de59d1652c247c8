import type { RunHead } from "./views/run.ts";
import { visibleText } from "./visible-text.ts";

/** What names a run. */
export type NamedRun = Pick<RunHead, "id" | "name" | "seed">;

/** What each of some runs is called beside the others, by id: its name, with its seed, and its id where that is not enough. */
export function runNames(runs: readonly NamedRun[]): ReadonlyMap<string, string> {
  return new Map(runs.map((run) => [run.id, nameOf(run, runs)]));
}

function nameOf(run: NamedRun, runs: readonly NamedRun[]): string {
  const isShared = (name: (one: NamedRun) => string): boolean =>
    runs.some((one) => one.id !== run.id && name(one) === name(run));
  if (!isShared(plainName)) return plainName(run);
  return isShared(seedName) ? `${seedName(run)}, ${run.id.slice(0, 8)}` : seedName(run);
}

const plainName = ({ name, id }: NamedRun): string => visibleText(name, id);
const seedName = (run: NamedRun): string =>
  run.seed === null ? plainName(run) : `${plainName(run)}, seed ${run.seed}`;
