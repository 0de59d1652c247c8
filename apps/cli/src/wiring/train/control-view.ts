import type { Control, ControlAction } from "@litmus/api";
import { LitmusError, type RunRecord } from "@litmus/core";
import type { RunControl, RunState } from "./run-control.ts";

const actionsIn: Readonly<Record<RunState, readonly ControlAction[]>> = {
  running: ["pause", "stop"],
  pausing: ["resume", "stop"],
  paused: ["resume", "stop"],
  stopping: [],
};

/** A run that this process makes. */
export function controlOf({ state }: Pick<RunControl, "state">, resumeCommand: string | null): Control {
  const reason = state === "stopping" ? "it stops at the next safe point" : null;
  return { state, actions: [...actionsIn[state]], reason, resumeCommand };
}

/** A run that no process within reach makes, as its record and the config beside its files tell. */
export function controlOfEnded({ status }: RunRecord, resumeCommand: string | null): Control {
  const goesOn = resumeCommand === null ? "the command that began it goes on" : "its command goes on";
  const reasons: Readonly<Record<RunRecord["status"], string>> = {
    finished: "it is finished",
    failed: `it failed; ${goesOn} from the last checkpoint`,
    interrupted: `it was stopped; ${goesOn} from there`,
    running: `its process ended without a word; ${goesOn} from what is stored`,
  };
  return {
    state: "ended",
    actions: [],
    reason: reasons[status],
    resumeCommand: status === "finished" ? null : resumeCommand,
  };
}

/** A run of a Postgres store: whoever makes it may be on any machine. */
export function controlElsewhere(resumeCommand: string | null): Control {
  return {
    state: "elsewhere",
    actions: [],
    reason: "another process trains it, which this server cannot reach: stop it with Ctrl-C where it runs",
    resumeCommand,
  };
}

/** @throws LitmusError `conflict` */
export function requireAction({ state, actions, reason }: Control, action: ControlAction): void {
  if (actions.includes(action)) return;
  throw new LitmusError("conflict", `the run is ${state}: ${reason ?? `it cannot be asked to ${action}`}`, {
    hint: "reload the page",
  });
}
