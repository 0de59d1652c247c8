/** @file The trainer's own process: its memory is given back when it ends, and a native crash ends it alone. */
import { LitmusError, toLitmusError } from "@litmus/core";
import type { Trainer } from "@litmus/core";
import { createLocalTrainer } from "../local-trainer.ts";
import { parseRequest } from "./trainer-messages.ts";
import type { TrainerCalls, TrainerReply, TrainerRequest } from "./trainer-messages.ts";

let trainer: Trainer | null = null;

function opened(): Trainer {
  if (trainer === null) throw new LitmusError("bug", "the trainer is not open");
  return trainer;
}

const calls: TrainerCalls = {
  open: async (options) => {
    trainer = await createLocalTrainer(options);
  },
  forward: (data, adapter) => opened().forward(data, adapter),
  forwardBackward: (data, loss) => opened().forwardBackward(data, loss),
  optimizerStep: (settings) => opened().optimizerStep(settings),
  save: (request) => opened().save(request),
  load: (state) => opened().load(state),
  adopt: (adapter) => opened().adopt(adapter),
  close: () => opened().close(),
};

async function answer(request: TrainerRequest): Promise<TrainerReply> {
  try {
    const call = calls[request.method] as (...parameters: readonly unknown[]) => Promise<unknown>;
    return { id: request.id, ok: true, value: await call(...request.parameters) };
  } catch (error) {
    return { id: request.id, ok: false, error: toLitmusError(error).toJSON() };
  }
}

process.on("message", (message) => {
  void answer(parseRequest(message)).then((reply) => process.send?.(reply));
});
// An interrupt reaches every process of the terminal; the parent decides what it means.
process.on("SIGINT", () => {});
// The native threads may be busy: an ordinary exit would wait for them.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
