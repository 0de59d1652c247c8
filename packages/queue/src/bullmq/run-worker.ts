import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type QueueWorker, type RolloutHandler, type WorkOptions, systemClock } from "@litmus/core";
import { type Job, Worker } from "bullmq";
import type { ResultMessage } from "../messages/result-message.ts";
import { untilAborted } from "../queue-lifetime.ts";
import { attemptJob } from "./attempt-job.ts";
import type { RedisConnections } from "./connect-redis.ts";
import type { LiveAttempts } from "./live-attempts.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { isOutage } from "./redis-outage.ts";
import { renewLocksUntilAborted } from "./renew-locks.ts";
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
  const attempt = (job: Job, token = ""): Promise<ResultMessage> =>
    attemptJob({ attempts, worker: identity.id, crashes: settings.crashes, handler }, job, token).finally(() => {
      done += 1;
    });
  const worker = openWorker({ settings, connection, id: identity.id }, attempt, options.concurrency);
  const ended = new AbortController();
  const report = (): QueueWorker => {
    const active = attempts.of(identity.id).length;
    return { ...identity, lastSeenAt: systemClock.timestamp(), active, done };
  };
  const beats = beatUntilAborted({ redis: redis.commands, shown: redis.shown, settings, worker: report }, ended.signal);
  void renewLocksUntilAborted({ worker, attempts, settings }, ended.signal);
  try {
    await takeUntilAborted(worker, options.signal, beats);
  } catch (error) {
    attempts.abortWorker(identity.id, error);
    throw error;
  } finally {
    ended.abort();
    await Promise.allSettled([beats, worker.close(true)]);
    connection.disconnect();
  }
}

/** @param beats rejects when the server stays away */
async function takeUntilAborted(worker: Worker, signal: AbortSignal, beats: Promise<void>): Promise<void> {
  const running = worker.run();
  running.catch(() => undefined);
  await Promise.race([untilAborted(signal), running, beats]);
  // Not close(): while the client reconnects, BullMQ's would wait without end.
  await worker.pause(true);
  await Promise.race([running, beats]);
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
    // See renewLocksUntilAborted.
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
