/** @file Every name that this package gives to something on the server. */
import { LitmusError } from "@litmus/core";

export interface QueueNames {
  /** BullMQ's name of the queue. */
  readonly queue: string;
  /** BullMQ's prefix: its keys are `prefix:queue:…`. */
  readonly prefix: string;
  /** BullMQ's name of every job. */
  readonly job: string;
  /** Ids of the workers, by the time of their last beat. */
  readonly workerIndex: string;
  /** What a worker says about itself. */
  worker(id: string): string;
  /** BullMQ's lock of a job: as long as it stands, the job cannot be removed. */
  lock(jobId: string): string;
}

const namePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** @throws LitmusError `invalid-config` for a name that is not lower-case letters, digits and dashes */
export function queueNames(prefix: string, queue: string): QueueNames {
  for (const [path, name] of Object.entries({ prefix, name: queue })) {
    if (namePattern.test(name)) continue;
    throw new LitmusError("invalid-config", `the queue's ${path} "${name}" is no name`, {
      path,
      hint: "Lower-case letters, digits and dashes, at most 64.",
    });
  }
  // Ids of jobs begin with a "g": these keys are never theirs.
  const base = `${prefix}:${queue}`;
  return {
    queue,
    prefix,
    job: "group",
    workerIndex: `${base}:workers`,
    worker: (id) => `${base}:worker:${id}`,
    lock: (jobId) => `${base}:${jobId}:lock`,
  };
}
