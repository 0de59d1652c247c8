import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LitmusError, type TrajectoryStore } from "@litmus/core";
import { createRemoteStore } from "@litmus/server";
import { openStore, readLock } from "@litmus/store";

/** What the commands that only read need of a store. */
export type StoredRuns = Pick<TrajectoryStore, "runs" | "run" | "evaluations" | "metrics" | "trajectories">;

/** Reads a runs folder: by HTTP while a process holds it, else by opening it. */
export async function withStoredRuns<T>(directory: string, work: (store: StoredRuns) => Promise<T>): Promise<T> {
  const storeDirectory = join(resolve(directory), "store");
  const address = (await readLock(storeDirectory))?.address ?? null;
  if (address !== null) return work(createRemoteStore(address));
  await access(storeDirectory).catch((cause: unknown) => {
    throw new LitmusError("not-found", `there are no runs in ${directory}`, {
      path: "--dir",
      hint: "npm start makes the first one",
      cause,
    });
  });
  const store = await openStore({ directory: storeDirectory });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
