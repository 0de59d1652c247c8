import { hostname } from "node:os";
import { type Clock, LitmusError, type RolloutQueue, systemClock } from "@litmus/core";
import { InProcessQueue } from "./in-process-queue.ts";

export interface InProcessQueueOptions {
  /** A job is dead after so many failed attempts. Default 3. */
  readonly attempts?: number;
  /** So many dead jobs are remembered. Default 1,000. */
  readonly keptDead?: number;
  readonly clock?: Pick<Clock, "timestamp">;
}

/**
 * A queue within one process: `work` and `dispatch` are called on the same object, and jobs are started in the order in which
 * they were added; one that failed waits behind all others.
 * @throws LitmusError `invalid-input` when a number is not a positive integer
 */
export function createInProcessQueue(options: InProcessQueueOptions = {}): RolloutQueue {
  const { attempts = 3, keptDead = 1_000, clock = systemClock } = options;
  for (const [path, value] of Object.entries({ attempts, keptDead })) {
    if (!Number.isInteger(value) || value < 1)
      throw new LitmusError("invalid-input", `${path} must be a positive integer`, { path });
  }
  return new InProcessQueue({ attempts, keptDead, clock, host: hostname() });
}
