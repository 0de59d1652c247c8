import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LitmusError, type TrajectoryStore } from "@litmus/core";
import { createRemoteStore } from "@litmus/server";
import { openStore, readLock, type OpenStore } from "@litmus/store";

/** What the commands that only read need of a store. */
export type StoredRuns = Pick<TrajectoryStore, "runs" | "run" | "evaluations" | "metrics" | "trajectories">;

/** Reads a runs folder: by HTTP while a process holds it, else by opening it. */
export async function withStoredRuns<T>(directory: string, work: (store: StoredRuns) => Promise<T>): Promise<T> {
  const storeDirectory = join(resolve(directory), "store");
  const address = (await readLock(storeDirectory))?.address ?? null;
  if (address !== null) return work(createRemoteStore(address));
  const store = await openStoredRuns(directory);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Opens the store of a runs folder that is there. @throws LitmusError `not-found` where no run was made; it makes none */
export async function openStoredRuns(directory: string): Promise<OpenStore> {
  const storeDirectory = join(resolve(directory), "store");
  await access(storeDirectory).catch((cause: unknown) => {
    throw new LitmusError("not-found", `there are no runs in ${directory}`, {
      path: "--dir",
      hint: "npm start makes the first one",
      cause,
    });
  });
  return openStore({ directory: storeDirectory });
}
