import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LitmusError, type TrajectoryStore } from "@litmus/core";
import { createRemoteStore } from "@litmus/server";
import { openPostgresStore, openStore, readLock } from "@litmus/store";
import { environment } from "../environment.ts";

/** What the commands that only read need of a store. */
export type StoredRuns = Pick<TrajectoryStore, "runs" | "run" | "evaluations" | "metrics" | "trajectories">;

/** Where the records of runs are. */
export interface StoreLocation {
  /** Folder of the runs. */
  readonly dir: string;
  /** Environment variable with the address of a Postgres store; undefined = the folder's own. */
  readonly store?: string | undefined;
}

/** Reads runs: by HTTP while a process holds their folder, else by opening the store. */
export async function withStoredRuns<T>(location: StoreLocation, work: (store: StoredRuns) => Promise<T>): Promise<T> {
  const address =
    location.store === undefined ? ((await readLock(join(resolve(location.dir), "store")))?.address ?? null) : null;
  if (address !== null) return work(createRemoteStore(address));
  const store = await openStoredRuns(location);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Opens a store of runs that is there. @throws LitmusError `not-found` where no run was made; it makes none */
export async function openStoredRuns({ dir, store }: StoreLocation): Promise<TrajectoryStore> {
  if (store !== undefined) return openPostgresStore({ url: environment.named(store, "--store") });
  const storeDirectory = join(resolve(dir), "store");
  await access(storeDirectory).catch((cause: unknown) => {
    throw new LitmusError("not-found", `there are no runs in ${dir}`, {
      path: "--dir",
      hint: "npm start makes the first one",
      cause,
    });
  });
  return openStore({ directory: storeDirectory });
}
