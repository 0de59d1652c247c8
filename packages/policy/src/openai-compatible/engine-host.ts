import type { Outcome } from "@litmus/core";

/** Runs an engine for the policy that asks it, where the policy starts it itself. Methods never reject. */
export interface EngineHost {
  /** Of the engine's process; changes when it is started again. */
  readonly pid: number;
  /** So often it was started again because it had ended by itself. */
  readonly restarts: number;
  /** The engine runs, started again with its adapter if need be; else why it does not. */
  running(): Promise<Outcome<void>>;
  /** Starts it anew with one adapter, or with none; when it does not start, with what it had before. */
  restart(adapterPath: string | null): Promise<Outcome<void>>;
  close(): Promise<void>;
}
