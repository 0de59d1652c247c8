/** @file The thread in which Postgres runs: it opens one folder, then answers calls by name. */
import { parentPort, workerData } from "node:worker_threads";
import { drizzle } from "drizzle-orm/pglite";
import { createDatabaseStore } from "./create-database-store.ts";
import { DurableFilesystem } from "./durable-filesystem.ts";
import { migrate } from "./migrate.ts";
import { prepareFolder } from "./prepare-folder.ts";
import * as schema from "./schema.ts";
import { startInFolder } from "./start-pglite.ts";
import { stoppedError, storeError } from "./store-error.ts";
import { folderError } from "./store-folder.ts";
import { callsOf, drainBeforeClose } from "./store-methods.ts";
import type { StoreCall } from "./store-methods.ts";
import type { CallMessage, WorkerData, WorkerMessage } from "./worker-messages.ts";

const { directory } = workerData as WorkerData;
const post = (message: WorkerMessage): void => parentPort?.postMessage(message);

/** Ends this thread in the middle of whatever it does: Postgres has given up, and PGlite would wait for it for ever. */
function stop(reason: string): never {
  post({ type: "stopped", error: stoppedError(directory, reason).toJSON() });
  return process.exit(1);
}

async function open(): Promise<StoreCall> {
  const postgres = await prepareFolder(directory, stop);
  try {
    const pglite = await startInFolder(new DurableFilesystem(postgres), { onStop: stop });
    await migrate(pglite);
    return drainBeforeClose(callsOf(createDatabaseStore(drizzle(pglite, { schema }), () => pglite.close())));
  } catch (error) {
    throw folderError(directory, storeError(error));
  }
}

async function answer(call: StoreCall, { id, method, args }: CallMessage): Promise<void> {
  try {
    post({ type: "result", id, value: await call(method, args) });
  } catch (error) {
    post({ type: "error", id, error: storeError(error).toJSON() });
  }
}

try {
  const call = await open();
  parentPort?.on("message", (message: CallMessage) => void answer(call, message));
  post({ type: "opened" });
} catch (error) {
  post({ type: "stopped", error: storeError(error).toJSON() });
}
