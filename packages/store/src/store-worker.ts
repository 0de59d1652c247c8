/** @file The thread in which Postgres runs: it opens one folder, then answers calls by name. */
import { parentPort, workerData } from "node:worker_threads";
import { drizzle } from "drizzle-orm/pglite";
import { LitmusError } from "@litmus/core";
import { createDatabaseStore } from "./create-database-store.ts";
import { DurableFilesystem } from "./durable-filesystem.ts";
import { migrate } from "./migrate.ts";
import * as schema from "./schema.ts";
import { startInFolder } from "./start-pglite.ts";
import type { StartedPglite } from "./start-pglite.ts";
import { isFatal, stoppedError, storeError } from "./store-error.ts";
import { folderError, prepareFolder } from "./store-folder.ts";
import { callsOf, drainBeforeClose } from "./store-methods.ts";
import type { StoreCall } from "./store-methods.ts";
import type { CallMessage, WorkerData, WorkerMessage } from "./worker-messages.ts";

const post = (message: WorkerMessage): void => parentPort?.postMessage(message);

async function open({ directory }: WorkerData): Promise<StoreCall> {
  const postgres = await prepareFolder(directory);
  const started = await startInFolder(new DurableFilesystem(postgres)).catch((error: unknown) => {
    throw folderError(directory, error);
  });
  try {
    await migrate(started.pglite);
  } catch (error) {
    throw isFatal(error) ? stoppedError(started.lastLines(), error) : storeError(error);
  }
  const store = createDatabaseStore(drizzle(started.pglite, { schema }), () => started.pglite.close());
  return drainBeforeClose(stopAtFatalErrors(callsOf(store), started));
}

/** After an error that stops Postgres every later call fails alike, rather than wait for an answer. */
function stopAtFatalErrors(call: StoreCall, started: StartedPglite): StoreCall {
  let stopped: LitmusError | null = null;
  return async (method, args) => {
    if (stopped !== null && method === "close") return undefined;
    if (stopped !== null) throw stopped;
    try {
      return await call(method, args);
    } catch (error) {
      if (!isFatal(error)) throw storeError(error);
      stopped = stoppedError(started.lastLines(), error);
      throw stopped;
    }
  };
}

async function answer(call: StoreCall, { id, method, args }: CallMessage): Promise<void> {
  try {
    post({ type: "result", id, value: await call(method, args) });
  } catch (error) {
    post({ type: "error", id, error: storeError(error).toJSON() });
  }
}

try {
  const call = await open(workerData as WorkerData);
  parentPort?.on("message", (message: CallMessage) => void answer(call, message));
  post({ type: "opened" });
} catch (error) {
  post({ type: "refused", error: storeError(error).toJSON() });
}
