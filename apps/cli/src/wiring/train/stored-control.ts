import type { Control } from "@litmus/api";
import { LitmusError, type RunId, type TrajectoryStore } from "@litmus/core";
import { controlElsewhere, controlOfEnded } from "./control-view.ts";
import { readResumeCommand } from "./resume-command.ts";

interface StoredRunsFolder {
  readonly store: Pick<TrajectoryStore, "run">;
  /** Folder of the runs. */
  readonly directory: string;
  /** Whether a process that this one does not know may train a run. */
  readonly isShared?: boolean;
}

/** Control of a run that neither this process nor one that it knows trains. @throws LitmusError `not-found` */
export async function storedControl(
  { store, directory, isShared = false }: StoredRunsFolder,
  id: RunId,
): Promise<Control> {
  const run = await store.run(id);
  if (run === null) throw new LitmusError("not-found", `there is no run ${id}`, { hint: "litmus runs lists them" });
  const command = await readResumeCommand(directory, id);
  return isShared && run.status === "running" ? controlElsewhere(command) : controlOfEnded(run, command);
}
