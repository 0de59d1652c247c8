import { resolve } from "node:path";
import type { TrajectoryStore } from "@litmus/core";
import { startWorker } from "./start-worker.ts";
import { claimFolder, folderError } from "./store-folder.ts";
import { acquireLock } from "./store-lock.ts";
import type { HeldLock } from "./store-lock.ts";
import { storeOf } from "./store-methods.ts";

/** A store that this process holds alone. */
export interface OpenStore extends TrajectoryStore {
  /** Its folder, absolute. */
  readonly directory: string;
  /** Names in the lock the address at which this process answers HTTP, so that others can read; null when it no longer does. */
  updateLockAddress(address: string | null): Promise<void>;
}

/**
 * Opens the store of a folder, or makes one. Postgres runs in a thread of its own, which keeps the
 * process alive; `close` ends it and gives the folder free.
 * @throws LitmusError `conflict` when another process holds the folder, `unavailable` when it cannot be used, `incompatible` when it
 * holds something else, `out-of-space`
 */
export async function openStore(options: { readonly directory: string }): Promise<OpenStore> {
  const directory = resolve(options.directory);
  claimFolder(directory);
  const lock = await takeLock(directory);
  try {
    const worker = await startWorker(directory);
    let closing: Promise<void> | undefined;
    const closeOnce = async (): Promise<void> => {
      try {
        await worker.close();
      } finally {
        lock.release();
      }
    };
    const store = storeOf((method, args) =>
      method === "close" ? (closing ??= closeOnce()) : worker.call(method, args),
    );
    return { ...store, directory, updateLockAddress: async (address) => lock.updateAddress(address) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function takeLock(directory: string): Promise<HeldLock> {
  try {
    return await acquireLock(directory);
  } catch (error) {
    throw folderError(directory, error);
  }
}
