import type { RunHead } from "@litmus/api";
import { runLabel } from "../../format/run-label.ts";

/** How a run is named and drawn beside others. */
export interface RunLook {
  readonly run: RunHead;
  /** Unique among the runs compared. */
  readonly label: string;
  /** Its place in the address, hidden runs counted: it never changes by hiding. */
  readonly slot: number;
}

/** The runs in the order of the address, each with a name of its own: with its seed, and its id where that is not enough. */
export function runLooks(ids: readonly string[], runs: readonly RunHead[]): readonly RunLook[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return ids.flatMap((id, slot) => {
    const run = byId.get(id);
    return run === undefined ? [] : [{ run, label: labelOf(run, runs), slot }];
  });
}

function labelOf(run: RunHead, runs: readonly RunHead[]): string {
  const plain = ({ name, id }: RunHead): string => runLabel(name, id);
  const isShared = (name: (one: RunHead) => string): boolean =>
    runs.some((one) => one.id !== run.id && name(one) === name(run));
  if (!isShared(plain)) return plain(run);
  return isShared(seedName) ? `${seedName(run)}, ${run.id.slice(0, 8)}` : seedName(run);
}

const seedName = ({ id, name, seed }: RunHead): string =>
  seed === null ? runLabel(name, id) : `${runLabel(name, id)}, seed ${seed}`;
