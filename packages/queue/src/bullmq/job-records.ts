import type { DeadJob, RolloutJob, RolloutJobOutcome } from "@litmus/core";
import { Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import { readFailure } from "../messages/job-failures.ts";
import { readJob } from "../messages/job-message.ts";
import { readResult } from "../messages/result-message.ts";
import type { QueueSettings } from "./queue-settings.ts";

/** What stands on the server under the id of a job. */
export type JobRecord =
  | { readonly type: "absent" }
  /** It waits, or a worker has it. */
  | { readonly type: "open" }
  | { readonly type: "settled"; readonly finishedAtMs: number; readonly outcome: RolloutJobOutcome }
  /** It is no job: nobody will ever work on it. */
  | { readonly type: "unreadable" };

/** The jobs of one queue on the server. Every call may be repeated. */
export class JobRecords {
  readonly #queue: Queue;
  readonly #redis: Redis;
  readonly #settings: QueueSettings;

  /** @param redis ready; calls fail at once while it is out */
  constructor(redis: Redis, settings: QueueSettings) {
    const { names } = settings;
    this.#redis = redis;
    this.#settings = settings;
    this.#queue = new Queue(names.queue, {
      connection: redis,
      prefix: names.prefix,
      skipVersionCheck: true,
      // Events carry results: a long stream of them would fill the server's memory.
      streams: { events: { maxLen: 1_000 } },
    });
    // Calls reject for themselves.
    this.#queue.on("error", () => undefined);
  }

  /** What stands under the id of this job. */
  async look(id: string, job: RolloutJob): Promise<JobRecord> {
    const record = await Job.fromId(this.#queue, id).catch((error: unknown) => {
      if (error instanceof SyntaxError) return null;
      throw error;
    });
    if (record === null) return { type: "unreadable" };
    if (record === undefined) return { type: "absent" };
    if (record.finishedOn === undefined) return { type: "open" };
    return { type: "settled", finishedAtMs: record.finishedOn, outcome: outcomeOf(record, job) };
  }

  /** Adds jobs in their order; those whose id is there already stay as they are. */
  async add(jobs: readonly (readonly [id: string, job: RolloutJob])[]): Promise<void> {
    const { names, attempts, retryDelayMs, keptDone, keptDoneSeconds, keptDead } = this.#settings;
    const options = {
      attempts,
      backoff: { type: "exponential", delay: retryDelayMs, jitter: 0.5 },
      removeOnComplete: { count: keptDone, age: keptDoneSeconds },
      removeOnFail: { count: keptDead },
      // A stack trace names the folders of the worker's machine.
      stackTraceLimit: 0,
    };
    await this.#queue.addBulk(jobs.map(([id, data]) => ({ name: names.job, data, opts: { ...options, jobId: id } })));
  }

  /** Removes jobs that have settled or wait; one that a worker has stays. */
  async remove(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#queue.remove(id)));
  }

  /** Removes jobs whatever their state: a worker that has one loses it. */
  async withdraw(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.#redis.del(ids.map((id) => this.#settings.names.lock(id)));
    await this.remove(ids);
  }

  async counts(): Promise<{ readonly waiting: number; readonly active: number; readonly dead: number }> {
    const counts = await this.#queue.getJobCounts("wait", "delayed", "active", "failed");
    const of = (type: string): number => counts[type] ?? 0;
    return { waiting: of("wait") + of("delayed"), active: of("active"), dead: of("failed") };
  }

  /** Newest first. */
  async dead(): Promise<readonly DeadJob[]> {
    const records = await this.#queue.getFailed(0, this.#settings.keptDead - 1);
    return records.map((record) => {
      const job = readJob(record.data, record.id);
      const failure = readFailure(record.failedReason);
      // The worker that found it dead had to start it once more.
      const attempts = failure.code === "workers-lost" ? record.attemptsStarted - 1 : record.attemptsStarted;
      return { id: record.id ?? "", job: job.ok ? job.value : null, failure, attempts };
    });
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}

function outcomeOf(record: Job, job: RolloutJob): RolloutJobOutcome {
  if (record.failedReason !== undefined && record.returnvalue === null)
    return { type: "dead", failure: readFailure(record.failedReason) };
  const result = readResult(record.returnvalue, job);
  return result.ok ? { type: "done", failed: result.value.failed } : { type: "dead", failure: result.failure };
}
