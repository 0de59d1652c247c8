import { LitmusError, type RunId, type TrajectoryStore } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";
import { openPostgresStore, type HolderServer } from "@litmus/store";
import { environment } from "../environment.ts";
import { takeStore } from "./folder/take-store.ts";

/** The right to train a run, while it lasts. */
export interface RunHold {
  /** Aborted, with the reason, when another process has the run. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** A store that processes can train runs in, each run one process at a time. */
export interface RunStore extends TrajectoryStore {
  /** @throws LitmusError `conflict` when another process holds the run */
  hold(id: RunId): Promise<RunHold>;
  /** Tells others of the runs folder where this process answers HTTP; null when it no longer does. */
  tellServer(server: HolderServer | null): Promise<void>;
}

/** The store that a config names: the runs folder's own, or a server's. */
export async function openRunStore(config: ExperimentConfig["store"], directory: string): Promise<RunStore> {
  if (config.engine === "postgres") return openServerStore(config);
  const store = await takeStore(directory);
  return { ...store, hold: async () => heldByFolder };
}

type PostgresConfig = Extract<ExperimentConfig["store"], { engine: "postgres" }>;

export async function openServerStore(config: PostgresConfig): Promise<RunStore> {
  const { urlVariable, connections, retryMs } = config;
  const store = await openPostgresStore({
    url: environment.named(urlVariable, "store.urlVariable"),
    maxConnections: connections,
    retryMs,
  });
  return { ...store, hold: (id) => store.holdRun(id), tellServer: async () => undefined };
}

/** Whoever holds a folder holds all of its runs. */
const heldByFolder: RunHold = { lost: new AbortController().signal, release: async () => undefined };

/** @throws LitmusError the reason, where the run is no longer this process's */
export function throwIfLost({ lost }: RunHold): void {
  if (!lost.aborted) return;
  throw LitmusError.isInstance(lost.reason) ? lost.reason : new LitmusError("conflict", "the run is no longer held");
}
