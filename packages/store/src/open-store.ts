import { resolve } from "node:path";
import type { TrajectoryStore } from "@litmus/core";
import { startWorker } from "./start-worker.ts";
import { claimFolder, folderError } from "./store-folder.ts";
import { acquireLock } from "./store-lock.ts";
import type { HeldLock, HolderServer } from "./store-lock.ts";
import { storeOf } from "./store-methods.ts";

/** A store that this process holds alone. */
export interface OpenStore extends TrajectoryStore {
  /** Its folder, absolute. */
  readonly directory: string;
  /** Aborted, with the reason, when it answers no more: closed, or stopped by itself. Its folder is free only after `close`. */
  readonly stopped: AbortSignal;
  /** Names in the lock where this process answers HTTP, so that others can read; null when it no longer does. */
  tellServer(server: HolderServer | null): Promise<void>;
}

export interface StoreOptions {
  readonly directory: string;
  /** Whether the lock says that this process gives the folder up when it is asked to over HTTP; no unless told. */
  readonly yields?: boolean;
}

/**
 * Opens the store of a folder, or makes one. Postgres runs in a thread of its own, which keeps the
 * process alive; `close` ends it and gives the folder free.
 * @throws LitmusError `conflict` when another process holds the folder, `unavailable` when it cannot be used, `incompatible` when it
 * holds something else, `out-of-space`
 */
export async function openStore({ directory: folder, yields = false }: StoreOptions): Promise<OpenStore> {
  const directory = resolve(folder);
  claimFolder(directory);
  const lock = await takeLock(directory, yields);
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
    return { ...store, directory, stopped: worker.ended, tellServer: async (server) => lock.updateServer(server) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function takeLock(directory: string, yields: boolean): Promise<HeldLock> {
  try {
    return await acquireLock(directory, { yields });
  } catch (error) {
    throw folderError(directory, error);
  }
}
