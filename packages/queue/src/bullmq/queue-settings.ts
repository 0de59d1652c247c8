import { LitmusError } from "@litmus/core";
import { z } from "zod";
import { type QueueNames, queueNames } from "./queue-names.ts";

/** What a queue on Redis tells about what it lived through. For a log; nothing depends on it. */
export interface QueueNotice {
  readonly type: "redis-lost" | "redis-back" | "lock-lost" | "job-lost" | "refused";
  readonly message: string;
}

export interface BullMqQueueOptions {
  /** `redis://user:password@host:port/database`, or `rediss://…` for TLS. */
  readonly url: string;
  /** Processes with the same name and prefix share the queue. Default `rollouts`. */
  readonly name?: string;
  /** What all keys begin with. Default `litmus`. */
  readonly prefix?: string;
  /** A job is dead after so many failed attempts. Default 3. */
  readonly attempts?: number;
  /** Wait between two attempts, in milliseconds; doubled each time. Default 1,000. */
  readonly retryDelayMs?: number;
  /** A job is dead when more workers than this ended or stood still while they had it. Default 5. */
  readonly crashes?: number;
  /** A worker that has not renewed its lock for so long has lost the job, in milliseconds. Default 30,000. */
  readonly lockMs?: number;
  /** How often a worker looks for jobs whose worker is gone, in milliseconds. Default 15,000. */
  readonly stalledCheckMs?: number;
  /** How often a worker says that it lives, in milliseconds. Default 5,000. */
  readonly heartbeatMs?: number;
  /** How often a dispatch looks at its jobs itself, since events can be lost, in milliseconds. Default 2,000. */
  readonly pollMs?: number;
  /** `dispatch` and `work` wait so long for a Redis that does not answer, in milliseconds. Default 120,000. */
  readonly outageMs?: number;
  /** Results are kept until every dispatch has read them: at most so many. Default 2,000. */
  readonly keptDone?: number;
  /** And at most so long, in seconds. Default 900. */
  readonly keptDoneSeconds?: number;
  /** So many dead jobs are remembered. Default 1,000. */
  readonly keptDead?: number;
  readonly onNotice?: (notice: QueueNotice) => void;
}

export interface QueueSettings extends Required<Omit<BullMqQueueOptions, "name" | "prefix">> {
  readonly names: QueueNames;
}

const positive = z.int().positive();

const numbers = z.object({
  attempts: positive.default(3),
  retryDelayMs: z.int().nonnegative().default(1_000),
  crashes: z.int().nonnegative().default(5),
  lockMs: positive.default(30_000),
  stalledCheckMs: positive.default(15_000),
  heartbeatMs: positive.default(5_000),
  pollMs: positive.default(2_000),
  outageMs: positive.default(120_000),
  keptDone: positive.default(2_000),
  keptDoneSeconds: positive.default(900),
  keptDead: positive.default(1_000),
});

/** The options with their defaults. @throws LitmusError `invalid-config` naming the option that cannot be */
export function readQueueSettings(options: BullMqQueueOptions): QueueSettings {
  const { url, name = "rollouts", prefix = "litmus", onNotice = () => undefined } = options;
  const read = numbers.safeParse(options);
  if (!read.success)
    throw new LitmusError("invalid-config", `options of the queue: ${z.prettifyError(read.error)}`, {
      path: read.error.issues[0]?.path.join(".") ?? "",
    });
  return { ...read.data, url, onNotice, names: queueNames(prefix, name) };
}
