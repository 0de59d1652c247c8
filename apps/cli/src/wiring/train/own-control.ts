import type { Control } from "@litmus/api";
import type { RunId, TrajectoryStore } from "@litmus/core";
import type { RunControl as ServedControl } from "@litmus/server";
import { controlOf, requireAction } from "./control-view.ts";
import type { RunControl } from "./run-control.ts";
import { storedControl } from "./stored-control.ts";

interface OwnRun {
  readonly store: Pick<TrajectoryStore, "run">;
  readonly runId: RunId;
  readonly control: RunControl;
  /** Folder of the runs. */
  readonly directory: string;
  /** What goes on with the run after a stop. */
  readonly command: string;
}

/** Control in the process that trains a run: of that one alone. */
export function ownControl({ store, runId, control, directory, command }: OwnRun): ServedControl {
  const view = async (id: RunId): Promise<Control> =>
    id === runId ? controlOf(control, command) : storedControl({ store, directory }, id);
  return {
    control: view,
    act: async (id, action) => {
      requireAction(await view(id), action);
      control.act(action);
      return view(id);
    },
  };
}
