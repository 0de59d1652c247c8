import type { RolloutJob, RolloutJobOutcome } from "@litmus/core";

/** A dispatch that waits for a job. */
export interface Waiter {
  settle(outcome: RolloutJobOutcome): void;
}

/** A job that has not settled: it waits, or a worker has it. */
export interface JobEntry {
  readonly id: string;
  readonly job: RolloutJob;
  readonly waiters: Set<Waiter>;
  /** Ends the attempt that runs; null while the job waits. */
  running: AbortController | null;
  attempts: number;
}

/** The jobs of one process that have not settled, and those that wait in their order. */
export class JobEntries {
  readonly #byId = new Map<string, JobEntry>();
  readonly #waiting: JobEntry[] = [];
  #added = Promise.withResolvers<void>();

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The entry of this id, made when there is none. */
  enter(id: string, job: RolloutJob): JobEntry {
    const found = this.#byId.get(id);
    if (found !== undefined) return found;
    const entry: JobEntry = { id, job, waiters: new Set(), running: null, attempts: 0 };
    this.#byId.set(id, entry);
    this.wait(entry);
    return entry;
  }

  /** Puts an entry behind all others. */
  wait(entry: JobEntry): void {
    entry.running = null;
    this.#waiting.push(entry);
    this.wake();
  }

  /** Ends all waiting for {@link added}. */
  wake(): void {
    this.#added.resolve();
    this.#added = Promise.withResolvers();
  }

  /** The first that waits. */
  take(): JobEntry | undefined {
    return this.#waiting.shift();
  }

  /** Resolves when an entry is added, or at {@link wake}. */
  added(): Promise<void> {
    return this.#added.promise;
  }

  /** False once it has settled or was withdrawn. */
  has(entry: JobEntry): boolean {
    return this.#byId.get(entry.id) === entry;
  }

  remove(entry: JobEntry): void {
    if (!this.has(entry)) return;
    this.#byId.delete(entry.id);
    const place = this.#waiting.indexOf(entry);
    if (place !== -1) this.#waiting.splice(place, 1);
  }
}
