/** @file What crosses between the caller's process and the trainer's. Both ends are of one version; each checks the form. */
import { LitmusError } from "@litmus/core";
import type { ErrorCode, Trainer } from "@litmus/core";
import type { LocalTrainerOptions } from "../local-trainer.ts";

/** The calls of the port, and `open`, which comes first. */
export interface TrainerCalls {
  open(options: LocalTrainerOptions): Promise<void>;
  forward: Trainer["forward"];
  forwardBackward: Trainer["forwardBackward"];
  optimizerStep: Trainer["optimizerStep"];
  save: Trainer["save"];
  load: Trainer["load"];
  adopt: Trainer["adopt"];
  close: Trainer["close"];
}

export type TrainerMethod = keyof TrainerCalls;

const methods = [
  "open",
  "forward",
  "forwardBackward",
  "optimizerStep",
  "save",
  "load",
  "adopt",
  "close",
] as const satisfies readonly TrainerMethod[];

/** To the trainer's process. */
export interface TrainerRequest {
  readonly id: number;
  readonly method: TrainerMethod;
  readonly parameters: readonly unknown[];
}

/** From the trainer's process. */
export type TrainerReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ReturnType<LitmusError["toJSON"]> };

export function parseRequest(message: unknown): TrainerRequest {
  const { id, method, parameters } = record(message);
  const isKnown = (methods as readonly unknown[]).includes(method);
  if (typeof id !== "number" || !isKnown || !Array.isArray(parameters)) throw malformed();
  return { id, method: method as TrainerMethod, parameters };
}

export function parseReply(message: unknown): TrainerReply {
  const { id, ok, value, error } = record(message);
  if (typeof id !== "number" || typeof ok !== "boolean") throw malformed();
  if (ok) return { id, ok, value };
  const { code, message: text } = record(error);
  if (typeof code !== "string" || typeof text !== "string") throw malformed();
  return { id, ok, error: error as ReturnType<LitmusError["toJSON"]> };
}

/** The error as it was thrown in the other process. */
export function revivedError(error: ReturnType<LitmusError["toJSON"]>): LitmusError {
  const { code, message, ...details } = error;
  return new LitmusError(code satisfies ErrorCode, message, details);
}

function record(message: unknown): Readonly<Record<string, unknown>> {
  if (typeof message !== "object" || message === null) throw malformed();
  return message as Readonly<Record<string, unknown>>;
}

function malformed(): LitmusError {
  return new LitmusError("bug", "a message between the trainer's processes is malformed");
}
