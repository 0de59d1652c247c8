import { resolve } from "node:path";
import { LitmusError, runId } from "@litmus/core";
import { createReporter } from "../output/create-reporter.ts";
import { writeArchive } from "../wiring/run-archive.ts";
import { openStoredRuns, type StoreLocation } from "../wiring/with-stored-runs.ts";

interface ArchiveOptions extends StoreLocation {
  readonly json: boolean;
  readonly remove: boolean;
}

/** `litmus runs archive`: a run's records as a file; with `--remove`, its trajectories then leave the store. */
export async function archiveRun(id: string, file: string, options: ArchiveOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const store = await openStoredRuns(options, reporter);
  try {
    const run = await store.run(runId(id));
    if (run === null) throw new LitmusError("not-found", `there is no run ${id}`, { hint: "litmus runs lists them" });
    if (options.remove && run.status !== "finished")
      throw new LitmusError("conflict", `run ${id} is ${run.status}: to go on, it needs its trajectories`, {
        path: "--remove",
        hint: "finish it first, or leave --remove out",
      });
    const path = resolve(file);
    const trajectories = await writeArchive(store, run, path);
    if (options.remove) await store.removeTrajectories(run.id, trajectories);
    reporter.result(
      { type: "archived", runId: id, path, trajectories, removed: options.remove ? trajectories : 0 },
      `${trajectories} trajectories in ${path}${options.remove ? ", and no longer in the store" : ""}`,
    );
  } finally {
    await store.close();
  }
}
