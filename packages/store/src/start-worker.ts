import { Worker } from "node:worker_threads";
import { LitmusError } from "@litmus/core";
import type { StoreCall } from "./store-methods.ts";
import type { CallMessage, ErrorData, WorkerData, WorkerMessage } from "./worker-messages.ts";

/** The thread that holds the database. */
export interface StoreWorker {
  /** Rejects with a LitmusError when the call fails, or when the thread has ended. */
  readonly call: StoreCall;
  /** Aborted, with the reason, when the thread has ended, by `close` or by itself. */
  readonly ended: AbortSignal;
  /** Closes the database, unless it has stopped by itself, and ends the thread. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: LitmusError): void;
}

/** Opens the database of a folder in a thread of its own. The caller holds the folder's lock. */
export async function startWorker(directory: string): Promise<StoreWorker> {
  const data: WorkerData = { directory };
  const worker = new Worker(new URL("./store-worker.ts", import.meta.url), {
    workerData: data,
    execArgv: [],
    // Loading drizzle would otherwise grow the young generation by 150 MB, which are never given back.
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });
  const waiting = new Map<number, Waiting>();
  const opening = Promise.withResolvers<void>();
  let ended: LitmusError | null = null;
  const ending = new AbortController();
  const end = (error: LitmusError): void => {
    ended ??= error;
    opening.reject(ended);
    for (const caller of waiting.values()) caller.reject(ended);
    waiting.clear();
    ending.abort(ended);
  };
  worker.on("message", (message: WorkerMessage) => receive(message, { waiting, opened: opening.resolve, end }));
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
  const close = async (): Promise<void> => {
    try {
      if (ended === null) await call("close", []);
    } finally {
      await worker.terminate();
    }
  };
  try {
    await opening.promise;
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return { call, ended: ending.signal, close };
}

interface Receiver {
  readonly waiting: Map<number, Waiting>;
  opened(): void;
  end(error: LitmusError): void;
}

function receive(message: WorkerMessage, to: Receiver): void {
  if (message.type === "opened") return to.opened();
  if (message.type === "stopped") return to.end(revive(message.error));
  const caller = to.waiting.get(message.id);
  to.waiting.delete(message.id);
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
