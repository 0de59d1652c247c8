import type { RolloutQueue } from "@litmus/core";
import { BullMqQueue } from "./bullmq-queue.ts";
import { connectRedis } from "./connect-redis.ts";
import { type BullMqQueueOptions, readQueueSettings } from "./queue-settings.ts";

export type { BullMqQueueOptions, QueueNotice } from "./queue-settings.ts";

/**
 * A queue on Redis, for any number of processes and machines: BullMQ's lists and locks, with the store as the truth. What Redis
 * loses is added again by the dispatch that waits for it; what a worker loses is given to another.
 * @throws LitmusError `invalid-config`, `unavailable` when Redis does not answer within `outageMs`, `incompatible` when it is too old
 */
export async function openBullMqQueue(options: BullMqQueueOptions): Promise<RolloutQueue> {
  const settings = readQueueSettings(options);
  return new BullMqQueue(settings, await connectRedis(settings.url, settings.outageMs));
}
