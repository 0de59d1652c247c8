import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type QueueWorker, type RolloutHandler, type WorkOptions, systemClock } from "@litmus/core";
import { type Job, UnrecoverableError, Worker } from "bullmq";
import { attemptsExhausted, workersLost, writeFailure } from "../messages/job-failures.ts";
import { readJob } from "../messages/job-message.ts";
import { type ResultMessage, writeResult } from "../messages/result-message.ts";
import { untilAborted } from "../queue-lifetime.ts";
import type { RedisConnections } from "./connect-redis.ts";
import { attemptLost, type LiveAttempt, type LiveAttempts } from "./live-attempts.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { isOutage } from "./redis-outage.ts";
import { repeatUntilStopped } from "./repeat-until-stopped.ts";
import { beatUntilAborted } from "./worker-heartbeat.ts";

export interface WorkerParts {
  readonly redis: RedisConnections;
  readonly settings: QueueSettings;
  readonly attempts: LiveAttempts;
}

/** What BullMQ says when the result of a lost attempt is refused: expected, and told when the lock was lost. */
const refusal = /^(Missing lock|Missing key|Lock mismatch)|is not in the active state/;

/**
 * Takes jobs until the signal, and resolves when those that were taken have ended.
 * @throws LitmusError `unavailable` when Redis does not answer within the bound; the attempts under way are aborted
 */
export async function runWorker(parts: WorkerParts, handler: RolloutHandler, options: WorkOptions): Promise<void> {
  const { redis, settings, attempts } = parts;
  const connection = redis.open();
  const identity = newWorkerIdentity();
  let done = 0;
  const { id } = identity;
  const attempt = (job: Job, token = ""): Promise<ResultMessage> =>
    attemptJob({ attempts, worker: id, crashes: settings.crashes, handler }, job, token).finally(() => (done += 1));
  const worker = openWorker({ settings, connection, id }, attempt, options.concurrency);
  const ended = new AbortController();
  const beats = beatUntilAborted(
    {
      redis: redis.commands,
      shown: redis.shown,
      settings,
      worker: () => ({ ...identity, lastSeenAt: systemClock.timestamp(), active: attempts.of(id).length, done }),
    },
    ended.signal,
  );
  const stopRenewals = repeatUntilStopped(settings.lockMs / 3, () => renewLocks(worker, attempts.of(id), settings));
  const running = worker.run();
  running.catch(() => undefined);
  try {
    await Promise.race([untilAborted(options.signal), running, beats]);
    // Not close(): while the client reconnects, BullMQ's would wait without end.
    await worker.pause(true);
    await Promise.race([running, beats]);
  } catch (error) {
    attempts.abortWorker(id, error);
    throw error;
  } finally {
    stopRenewals();
    ended.abort();
    await Promise.allSettled([beats, worker.close(true)]);
    connection.disconnect();
  }
}

function newWorkerIdentity(): Pick<QueueWorker, "id" | "host" | "processId" | "startedAt"> {
  const host = hostname();
  const startedAt = systemClock.timestamp();
  return { id: `${host}-${process.pid}-${randomUUID().slice(0, 8)}`, host, processId: process.pid, startedAt };
}

interface OpenWorkerOptions {
  readonly settings: QueueSettings;
  readonly connection: ReturnType<RedisConnections["open"]>;
  readonly id: string;
}

function openWorker(
  { settings, connection, id }: OpenWorkerOptions,
  attempt: (job: Job, token?: string) => Promise<ResultMessage>,
  concurrency: number,
): Worker {
  const worker = new Worker(settings.names.queue, attempt, {
    connection,
    prefix: settings.names.prefix,
    name: id,
    concurrency,
    lockDuration: settings.lockMs,
    stalledInterval: settings.stalledCheckMs,
    // Counted by attemptJob, which can say what happened.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    // Renewed by renewLocks: BullMQ's own renewal goes by job, and mixes up two attempts of one process.
    skipLockRenewal: true,
    skipVersionCheck: true,
    runRetryDelay: 500,
    // An idle worker that is told to stop ends this wait first, in seconds.
    drainDelay: 1,
    autorun: false,
  });
  worker.on("error", (error) => {
    if (!isOutage(error) && !refusal.test(error.message))
      settings.onNotice({ type: "refused", message: `the queue's worker: ${error.message}` });
  });
  return worker;
}

interface AttemptParts {
  readonly attempts: LiveAttempts;
  readonly worker: string;
  readonly crashes: number;
  readonly handler: RolloutHandler;
}

/** Rejects as BullMQ wants it: the text of the error is the failure, and an unrecoverable one ends the job. */
async function attemptJob(parts: AttemptParts, job: Job, token: string): Promise<ResultMessage> {
  const { attempts, worker, crashes, handler } = parts;
  const read = readJob(job.data, job.id);
  if (!read.ok) throw new UnrecoverableError(writeFailure(read.failure));
  if (job.stalledCounter > crashes) throw new UnrecoverableError(writeFailure(workersLost(job.stalledCounter)));
  const attempt = attempts.begin({ worker, jobId: job.id ?? "", token });
  try {
    // BullMQ's attemptsMade counts failures alone; attemptsStarted counts crashes too.
    const result = await handler(read.value, { number: job.attemptsStarted, signal: attempt.controller.signal });
    return writeResult(result, read.value);
  } catch (error) {
    throw new Error(writeFailure(attemptsExhausted(error, job.attemptsMade + 1)));
  } finally {
    attempts.end(attempt);
  }
}

/** Renews the lock of each attempt; one whose lock is gone is aborted. */
async function renewLocks(worker: Worker, attempts: readonly LiveAttempt[], settings: QueueSettings): Promise<void> {
  await Promise.all(
    attempts.map(async ({ jobId, token, controller }) => {
      if (controller.signal.aborted) return;
      try {
        const refused = await worker.extendJobLocks([jobId], [token], settings.lockMs);
        if (refused.length === 0 || controller.signal.aborted) return;
        settings.onNotice({ type: "lock-lost", message: `this process has lost job ${jobId}` });
        controller.abort(attemptLost(jobId));
      } catch (error) {
        if (!isOutage(error)) settings.onNotice({ type: "refused", message: `a lock: ${String(error)}` });
      }
    }),
  );
}
