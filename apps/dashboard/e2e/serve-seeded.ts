import type { TrajectoryStore } from "@litmus/core";
import { openMemoryStore } from "@litmus/store";
import { seedHostileStore, seedLiveRun, seedSmallStore, type Seeding } from "@litmus/testing/seed";
import { startServer, type RunningServer } from "@litmus/server";
import { readAhead } from "../../cli/src/wiring/serving/read-ahead.ts";
import { builtPage } from "../../cli/src/wiring/page/built-page.ts";
import { seedTools } from "./seed-tools.ts";
import { seededParts } from "./seeded-parts.ts";

/** What is in the store that is served. */
export type SeedName = "small" | "hostile" | "live";

const fillers: Readonly<Record<SeedName, (seeding: Seeding) => Promise<void>>> = {
  small: seedSmallStore,
  hostile: seedHostileStore,
  live: seedLiveRun,
};

/** The real server on a store in memory. */
export interface SeededServer {
  readonly store: TrajectoryStore;
  /** Stays the same over a restart. */
  readonly address: string;
  /** What a request that changes something must show: `/ask#token=…`. */
  readonly token: string;
  /** The server alone: the store stays open. */
  stop(): Promise<void>;
  /** After {@link stop}, at the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a store, fills it and serves it. */
export async function serveSeeded(seed: SeedName): Promise<SeededServer> {
  const store = await openMemoryStore();
  await fillers[seed]({ store, tools: seedTools });
  return serveStore(store, seed === "hostile");
}

const token = "seeded-token-of-tests";

/** Serves a store as `litmus serve` does; closing closes it too. */
export async function serveStore(store: TrajectoryStore, isHostile = false): Promise<SeededServer> {
  const page = await builtPage();
  const options = { ...seededParts(isHostile), store, writeToken: token, page: async () => page, onError: report };
  const open = async (port: number): Promise<RunningServer> => {
    const opened = await startServer({ ...options, port });
    readAhead({ address: opened.address, token });
    return opened;
  };
  let server: RunningServer | null = await open(0);
  const { address } = server;
  const stop = async (): Promise<void> => {
    await server?.close();
    server = null;
  };
  return {
    store,
    address,
    token,
    stop,
    start: async () => {
      server ??= await open(Number(new URL(address).port));
    },
    close: async () => {
      await stop();
      await store.close();
    },
  };
}

/** A bug of the server belongs into the output of the test that met it. */
function report(error: unknown): void {
  process.stderr.write(`the server failed: ${error instanceof Error ? error.stack : String(error)}\n`);
}
