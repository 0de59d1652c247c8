import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LitmusError, type TrajectoryStore } from "@litmus/core";
import type { StoreReader } from "@litmus/server";
import { openPostgresStore } from "@litmus/store";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";
import { followStore } from "./folder/followed-store.ts";
import { holdStore } from "./folder/hold-store.ts";

/** What the commands that only read need of a store. */
export type StoredRuns = Pick<StoreReader, "runs" | "run" | "evaluations" | "checkpoints" | "metrics" | "trajectories">;

/** Where the records of runs are. */
export interface StoreLocation {
  /** Folder of the runs. */
  readonly dir: string;
  /** Environment variable with the address of a Postgres store; undefined = the folder's own. */
  readonly store?: string | undefined;
}

export const storeDirectoryOf = (dir: string): string => join(resolve(dir), "store");

/**
 * Reads runs: by HTTP while a process holds their folder, else by opening the store.
 * @throws LitmusError `not-found` where no run was made
 */
export async function withStoredRuns<T>(location: StoreLocation, work: (store: StoreReader) => Promise<T>): Promise<T> {
  if (location.store === undefined) await requireStore(location.dir);
  await using opened = await readStoredRuns(location);
  return await work(opened.reader);
}

/** Runs that are read for a while, whoever holds their folder, which need not be there yet. */
export async function readStoredRuns({
  dir,
  store,
}: StoreLocation): Promise<AsyncDisposable & { reader: StoreReader }> {
  if (store !== undefined) {
    const server = await openServer(store);
    return { reader: server, [Symbol.asyncDispose]: () => server.close() };
  }
  const followed = followStore({ directory: storeDirectoryOf(dir), server: () => null });
  return { reader: followed.reader, [Symbol.asyncDispose]: () => followed.close() };
}

/** Opens a store of runs that is there, for writing. @throws LitmusError `not-found` where no run was made; it makes none */
export async function openStoredRuns(
  { dir, store }: StoreLocation,
  reporter: Pick<Reporter, "note">,
): Promise<TrajectoryStore> {
  if (store !== undefined) return openServer(store);
  await requireStore(dir);
  return holdStore(storeDirectoryOf(dir), reporter);
}

const openServer = (variable: string): Promise<TrajectoryStore> =>
  openPostgresStore({ url: environment.named(variable, "--store") });

async function requireStore(dir: string): Promise<void> {
  await access(storeDirectoryOf(dir)).catch((cause: unknown) => {
    throw new LitmusError("not-found", `there are no runs in ${dir}`, {
      path: "--dir",
      hint: "npm start makes the first one",
      cause,
    });
  });
}
