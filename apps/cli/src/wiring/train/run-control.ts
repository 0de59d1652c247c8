import type { ControlAction } from "@litmus/api";
import type { RunContext } from "@litmus/experiment";

export type RunState = "running" | "pausing" | "paused" | "stopping";

/** Holds up and ends a run that this process makes. */
export interface RunControl {
  readonly state: RunState;
  /** Aborted when the run is to stop, by whoever asks for it. */
  readonly signal: AbortSignal;
  readonly unlessPaused: RunContext["unlessPaused"];
  /** What the run is in already changes nothing; a run that stops stays so. */
  act(action: ControlAction): void;
}

interface ControlOptions {
  /** Stops the run from outside, as Ctrl-C does. */
  readonly signal: AbortSignal;
  /** Told every change of the state, once. */
  readonly onChange: (state: RunState) => void;
}

/** A pause begins no further group or update, and lasts until what is under way has ended and somebody resumes the run. */
export function createRunControl({ signal, onChange }: ControlOptions): RunControl {
  const stopping = new AbortController();
  const stopped = AbortSignal.any([signal, stopping.signal]);
  let pause: PromiseWithResolvers<void> | null = null;
  let active = 0;
  let told: RunState = "running";
  const state = (): RunState => {
    if (stopped.aborted) return "stopping";
    if (pause === null) return "running";
    return active === 0 ? "paused" : "pausing";
  };
  const tell = (): void => {
    if (state() === told) return;
    told = state();
    onChange(told);
  };
  const goOn = (): void => {
    pause?.resolve();
    pause = null;
    tell();
  };
  stopped.addEventListener("abort", goOn, { once: true });
  return {
    get state() {
      return state();
    },
    signal: stopped,
    unlessPaused: async (work) => {
      while (pause !== null) await pause.promise;
      active += 1;
      try {
        return await work();
      } finally {
        active -= 1;
        tell();
      }
    },
    act: (action) => {
      if (stopped.aborted) return;
      if (action === "stop") return stopping.abort();
      if (action === "resume") return goOn();
      pause ??= Promise.withResolvers();
      tell();
    },
  };
}
