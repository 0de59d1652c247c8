import { runNames } from "@litmus/api";
import type { RunHead } from "@litmus/api";

/** How a run is named and drawn beside others. */
export interface RunLook {
  readonly run: RunHead;
  /** Unique among the runs compared. */
  readonly label: string;
  /** Its place in the address, hidden runs counted: it never changes by hiding. */
  readonly slot: number;
}

/** The runs in the order of the address, each with the name that the server gives it too. */
export function runLooks(ids: readonly string[], runs: readonly RunHead[]): readonly RunLook[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const names = runNames(runs);
  return ids.flatMap((id, slot) => {
    const run = byId.get(id);
    return run === undefined ? [] : [{ run, label: names.get(id) ?? id, slot }];
  });
}
