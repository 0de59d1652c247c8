import { setTimeout } from "node:timers/promises";
import { type QueueWorker, systemClock, toLitmusError } from "@litmus/core";
import type { Redis } from "ioredis";
import { z } from "zod";
import type { QueueNames } from "./queue-names.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { isOutage, redisUnavailable } from "./redis-outage.ts";

/** A worker that has not been heard of for so many beats is no longer listed. */
const missedBeats = 3;

export interface HeartbeatOptions {
  readonly redis: Redis;
  /** The server's address without credentials. */
  readonly shown: string;
  readonly settings: QueueSettings;
  /** What the worker says about itself now. */
  readonly worker: () => QueueWorker;
}

/**
 * Says on the server that a worker lives, until the signal.
 * @throws LitmusError `unavailable` when the server has not answered within the bound
 */
export async function beatUntilAborted(options: HeartbeatOptions, signal: AbortSignal): Promise<void> {
  const { settings, shown } = options;
  let answeredAtMs = systemClock.monotonicMs();
  let isLost = false;
  const change = (lost: boolean, message: string): void => {
    if (isLost !== lost) settings.onNotice({ type: lost ? "redis-lost" : "redis-back", message });
    isLost = lost;
  };
  while (!signal.aborted) {
    try {
      await beat(options);
      answeredAtMs = systemClock.monotonicMs();
      change(false, `Redis at ${shown} answers again`);
    } catch (error) {
      const silentMs = systemClock.monotonicMs() - answeredAtMs;
      if (!isOutage(error)) throw toLitmusError(error);
      if (silentMs >= settings.outageMs) throw redisUnavailable(shown, error, silentMs);
      change(true, `Redis at ${shown} does not answer`);
    }
    const pause = Math.min(settings.heartbeatMs, isLost ? 500 : settings.outageMs / 2);
    await setTimeout(pause, undefined, { signal }).catch(() => undefined);
  }
  await forget(options).catch(() => undefined);
}

async function beat({ redis, settings, worker }: HeartbeatOptions): Promise<void> {
  const { names, heartbeatMs } = settings;
  const now = worker();
  const key = names.worker(now.id);
  const results = await redis
    .pipeline()
    .hset(
      key,
      Object.entries(now).flatMap(([name, value]) => [name, String(value)]),
    )
    .pexpire(key, heartbeatMs * missedBeats)
    .zadd(names.workerIndex, Date.parse(now.lastSeenAt), now.id)
    .exec();
  const failed = results?.find(([error]) => error !== null)?.[0];
  if (failed) throw failed;
}

async function forget({ redis, settings, worker }: HeartbeatOptions): Promise<void> {
  const { id } = worker();
  await redis.pipeline().del(settings.names.worker(id)).zrem(settings.names.workerIndex, id).exec();
}

const count = z.coerce.number().int().nonnegative();
const workerSchema = z.object({
  id: z.string(),
  host: z.string(),
  processId: count,
  startedAt: z.string(),
  lastSeenAt: z.string(),
  active: count,
  done: count,
}) satisfies z.ZodType<QueueWorker>;

/** The workers whose beat has not expired, by their start. */
export async function listWorkers(redis: Redis, names: QueueNames): Promise<readonly QueueWorker[]> {
  const ids = await redis.zrange(names.workerIndex, 0, "-1");
  const hashes = await Promise.all(ids.map((id) => redis.hgetall(names.worker(id))));
  const gone = ids.filter((_, place) => Object.keys(hashes[place] ?? {}).length === 0);
  if (gone.length > 0) await redis.zrem(names.workerIndex, ...gone);
  return hashes
    .flatMap((hash) => workerSchema.safeParse(hash).data ?? [])
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt) || a.id.localeCompare(b.id));
}
