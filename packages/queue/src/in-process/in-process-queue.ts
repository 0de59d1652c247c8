import type {
  Clock,
  DeadJob,
  DispatchOptions,
  QueueOverview,
  QueueWorker,
  RolloutHandler,
  RolloutJob,
  RolloutJobOutcome,
  RolloutQueue,
  WorkOptions,
} from "@litmus/core";
import { attemptsExhausted } from "../messages/job-failures.ts";
import { groupJobId } from "../messages/job-id.ts";
import { writeJob } from "../messages/job-message.ts";
import { checkConcurrency, queueClosed, UnderWay } from "../queue-lifetime.ts";
import { JobEntries, type JobEntry, type Waiter } from "./job-entry.ts";

interface InProcessSettings {
  readonly attempts: number;
  readonly keptDead: number;
  readonly clock: Pick<Clock, "timestamp">;
  readonly host: string;
}

type WorkerRecord = { -readonly [Key in keyof QueueWorker]: QueueWorker[Key] };

/** @see createInProcessQueue */
export class InProcessQueue implements RolloutQueue {
  readonly #settings: InProcessSettings;
  readonly #entries = new JobEntries();
  readonly #workers = new Set<WorkerRecord>();
  readonly #closing = new AbortController();
  readonly #underWay = new UnderWay();
  #dead: readonly DeadJob[] = [];
  #startedWorkers = 0;

  constructor(settings: InProcessSettings) {
    this.#settings = settings;
  }

  dispatch(jobs: readonly RolloutJob[], { onSettled, signal }: DispatchOptions): Promise<void> {
    return this.#underWay.add(async () => {
      const stop = AbortSignal.any([signal, this.#closing.signal]);
      stop.throwIfAborted();
      const checked = jobs.map(writeJob);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      let left = checked.length;
      if (left === 0) resolve();
      const waiterOf = (job: RolloutJob): Waiter => ({
        settle: (outcome) => {
          try {
            onSettled(job, outcome);
            left -= 1;
            if (left === 0) resolve();
          } catch (error) {
            reject(error);
          }
        },
      });
      const mine = checked.map((job) => this.#enter(job, waiterOf(job)));
      stop.addEventListener("abort", () => reject(stop.reason), { once: true });
      await promise.finally(() => mine.forEach(([entry, waiter]) => this.#leave(entry, waiter, stop.reason)));
    });
  }

  work(handler: RolloutHandler, { concurrency, signal }: WorkOptions): Promise<void> {
    return this.#underWay.add(async () => {
      checkConcurrency(concurrency);
      const stop = AbortSignal.any([signal, this.#closing.signal]);
      const worker = this.#newWorker();
      this.#workers.add(worker);
      stop.addEventListener("abort", () => this.#entries.wake(), { once: true });
      const lanes = Array.from({ length: concurrency }, () => this.#lane(handler, worker, stop));
      await Promise.all(lanes).finally(() => this.#workers.delete(worker));
    });
  }

  async overview(): Promise<QueueOverview> {
    const lastSeenAt = this.#settings.clock.timestamp();
    const workers = [...this.#workers].map((worker) => ({ ...worker, lastSeenAt }));
    const active = workers.reduce((sum, worker) => sum + worker.active, 0);
    return { waiting: this.#entries.waiting, active, dead: this.#dead.length, workers };
  }

  async deadJobs(): Promise<readonly DeadJob[]> {
    return this.#dead;
  }

  async close(): Promise<void> {
    this.#closing.abort(queueClosed());
    await this.#underWay.ended();
  }

  #enter(job: RolloutJob, waiter: Waiter): readonly [JobEntry, Waiter] {
    const id = groupJobId(job.group);
    this.#dead = this.#dead.filter((dead) => dead.id !== id);
    const entry = this.#entries.enter(id, job);
    entry.waiters.add(waiter);
    return [entry, waiter];
  }

  /** A job that nobody waits for is withdrawn. */
  #leave(entry: JobEntry, waiter: Waiter, reason: unknown): void {
    entry.waiters.delete(waiter);
    if (entry.waiters.size > 0 || !this.#entries.has(entry)) return;
    this.#entries.remove(entry);
    entry.running?.abort(reason);
  }

  async #lane(handler: RolloutHandler, worker: WorkerRecord, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const entry = this.#entries.take();
      if (entry === undefined) await this.#entries.added();
      else await this.#attempt(entry, handler, worker);
    }
  }

  async #attempt(entry: JobEntry, handler: RolloutHandler, worker: WorkerRecord): Promise<void> {
    entry.attempts += 1;
    entry.running = new AbortController();
    worker.active += 1;
    try {
      const { failed } = await handler(entry.job, { number: entry.attempts, signal: entry.running.signal });
      if (this.#entries.has(entry)) this.#settle(entry, { type: "done", failed });
    } catch (error) {
      if (this.#entries.has(entry)) this.#failed(entry, error);
    } finally {
      worker.active -= 1;
      worker.done += 1;
    }
  }

  #failed(entry: JobEntry, error: unknown): void {
    const { id, job, attempts } = entry;
    if (attempts < this.#settings.attempts) return this.#entries.wait(entry);
    const failure = attemptsExhausted(error, attempts);
    this.#dead = [{ id, job, failure, attempts }, ...this.#dead].slice(0, this.#settings.keptDead);
    this.#settle(entry, { type: "dead", failure });
  }

  #settle(entry: JobEntry, outcome: RolloutJobOutcome): void {
    this.#entries.remove(entry);
    for (const waiter of entry.waiters) waiter.settle(outcome);
  }

  #newWorker(): WorkerRecord {
    this.#startedWorkers += 1;
    const startedAt = this.#settings.clock.timestamp();
    const id = `in-process-${this.#startedWorkers}`;
    const { host } = this.#settings;
    return { id, host, processId: process.pid, startedAt, lastSeenAt: startedAt, active: 0, done: 0 };
  }
}
