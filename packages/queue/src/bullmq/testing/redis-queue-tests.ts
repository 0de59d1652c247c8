import { randomUUID } from "node:crypto";
import type { DispatchOptions, RolloutJob, RolloutJobOutcome, RolloutQueue } from "@litmus/core";
import type { BullMqQueueOptions } from "../open-bullmq-queue.ts";

/** The server of the integration tests: `packages/testing/services/start-redis.mjs` starts one. */
export const testRedisUrl = process.env.LITMUS_TEST_REDIS;

/** A queue that nobody else has, quick enough for tests. */
export function newQueueOptions(url: string): BullMqQueueOptions {
  return { url, prefix: `test-${randomUUID().slice(0, 8)}`, retryDelayMs: 10, heartbeatMs: 50, pollMs: 200 };
}

/** Locks so short that a test sees them lost. A worker may lose one by a slow machine: nothing that is promised depends on it. */
export const shortLocks = { lockMs: 2_000, stalledCheckMs: 300 } as const;

/** Dispatches, and counts what settled. */
export function dispatchCounted(
  queue: RolloutQueue,
  jobs: readonly RolloutJob[],
  signal: DispatchOptions["signal"] = new AbortController().signal,
) {
  const settled: { readonly group: number; readonly outcome: RolloutJobOutcome }[] = [];
  const ended = queue.dispatch(jobs, {
    signal,
    onSettled: ({ group }, outcome) => settled.push({ group: group.group, outcome }),
  });
  ended.catch(() => undefined);
  return { settled, ended };
}
