import type { LitmusError } from "@litmus/core";
import type { StoreMethod } from "./store-methods.ts";

/** What the worker thread is started with. */
export interface WorkerData {
  readonly directory: string;
}

/** To the worker: one call. */
export interface CallMessage {
  readonly id: number;
  readonly method: StoreMethod;
  readonly args: readonly unknown[];
}

/** An error as plain data. */
export type ErrorData = ReturnType<LitmusError["toJSON"]>;

/** From the worker: opened, then one reply a call, in any order; or, at any time, that it answers no more. */
export type WorkerMessage =
  | { readonly type: "opened" }
  | { readonly type: "stopped"; readonly error: ErrorData }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "error"; readonly id: number; readonly error: ErrorData };
