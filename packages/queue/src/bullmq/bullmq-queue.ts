import type {
  DeadJob,
  DispatchOptions,
  QueueOverview,
  RolloutHandler,
  RolloutJob,
  RolloutQueue,
  WorkOptions,
} from "@litmus/core";
import { checkConcurrency, queueClosed, UnderWay } from "../queue-lifetime.ts";
import type { RedisConnections } from "./connect-redis.ts";
import { dispatchJobs } from "./dispatch-jobs.ts";
import { JobRecords } from "./job-records.ts";
import { LiveAttempts } from "./live-attempts.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { throughOutage } from "./redis-outage.ts";
import { runWorker } from "./run-worker.ts";
import { SettlementEvents } from "./settlement-events.ts";
import { listWorkers } from "./worker-heartbeat.ts";

/** @see openBullMqQueue */
export class BullMqQueue implements RolloutQueue {
  readonly #settings: QueueSettings;
  readonly #redis: RedisConnections;
  readonly #records: JobRecords;
  readonly #attempts = new LiveAttempts();
  readonly #closing = new AbortController();
  readonly #underWay = new UnderWay();
  #events: SettlementEvents | null = null;

  constructor(settings: QueueSettings, redis: RedisConnections) {
    this.#settings = settings;
    this.#redis = redis;
    this.#records = new JobRecords(redis.commands, settings);
  }

  dispatch(jobs: readonly RolloutJob[], { onSettled, signal }: DispatchOptions): Promise<void> {
    return this.#underWay.add(async () => {
      const stop = AbortSignal.any([signal, this.#closing.signal]);
      stop.throwIfAborted();
      this.#events ??= new SettlementEvents(this.#redis.open(), this.#settings.names);
      const parts = {
        records: this.#records,
        events: this.#events,
        attempts: this.#attempts,
        settings: this.#settings,
        shown: this.#redis.shown,
      };
      await dispatchJobs(parts, jobs, { onSettled, signal: stop });
    });
  }

  work(handler: RolloutHandler, { concurrency, signal }: WorkOptions): Promise<void> {
    return this.#underWay.add(async () => {
      checkConcurrency(concurrency);
      const stop = AbortSignal.any([signal, this.#closing.signal]);
      if (stop.aborted) return;
      const parts = { redis: this.#redis, settings: this.#settings, attempts: this.#attempts };
      await runWorker(parts, handler, { concurrency, signal: stop });
    });
  }

  overview(): Promise<QueueOverview> {
    return this.#once(async () => {
      const counts = await this.#records.counts();
      return { ...counts, workers: await listWorkers(this.#redis.commands, this.#settings.names) };
    });
  }

  deadJobs(): Promise<readonly DeadJob[]> {
    return this.#once(() => this.#records.dead());
  }

  async close(): Promise<void> {
    this.#closing.abort(queueClosed());
    await this.#underWay.ended();
    await Promise.allSettled([this.#events?.close(), this.#records.close()]);
    this.#redis.close();
  }

  /** A question is not waited for: who asks can ask again. */
  #once<T>(call: () => Promise<T>): Promise<T> {
    return throughOutage(call, { shown: this.#redis.shown, outageMs: 0 });
  }
}
