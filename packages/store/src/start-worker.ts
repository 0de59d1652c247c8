import { Worker } from "node:worker_threads";
import { LitmusError } from "@litmus/core";
import type { StoreCall } from "./store-methods.ts";
import type { CallMessage, ErrorData, WorkerData, WorkerMessage } from "./worker-messages.ts";

/** The thread that holds the database. */
export interface StoreWorker {
  /** Rejects with a LitmusError when the call fails, or when the thread has ended. */
  readonly call: StoreCall;
  /** Ends the thread; calls under way reject. */
  stop(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: LitmusError): void;
}

/** Opens the database of a folder in a thread of its own. The caller holds the folder's lock. */
export async function startWorker(directory: string): Promise<StoreWorker> {
  const data: WorkerData = { directory };
  const worker = new Worker(new URL("./store-worker.ts", import.meta.url), { workerData: data, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  const opening = Promise.withResolvers<void>();
  let ended: LitmusError | null = null;
  const end = (error: LitmusError): void => {
    ended ??= error;
    opening.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on("message", (message: WorkerMessage) => receive(message, { waiting, opening }));
  worker.on("error", (cause) => end(new LitmusError("unavailable", "the store's thread failed", { cause })));
  worker.on("exit", () => end(new LitmusError("unavailable", "the store is closed")));
  let lastId = 0;
  const call: StoreCall = (method, args) =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(ended);
      lastId += 1;
      const message: CallMessage = { id: lastId, method, args };
      worker.postMessage(message);
      waiting.set(lastId, { resolve, reject });
    });
  const stop = async (): Promise<void> => {
    await worker.terminate();
  };
  await opening.promise.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { call, stop };
}

interface Receiver {
  readonly waiting: Map<number, Waiting>;
  readonly opening: PromiseWithResolvers<void>;
}

function receive(message: WorkerMessage, { waiting, opening }: Receiver): void {
  if (message.type === "opened") return opening.resolve();
  if (message.type === "refused") return opening.reject(revive(message.error));
  const caller = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.type === "result") caller?.resolve(message.value);
  else caller?.reject(revive(message.error));
}

function revive({ code, message, hint, path, retryable }: ErrorData): LitmusError {
  return new LitmusError(code, message, {
    retryable,
    ...(hint === undefined ? {} : { hint }),
    ...(path === undefined ? {} : { path }),
  });
}
