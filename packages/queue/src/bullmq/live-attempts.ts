import { LitmusError } from "@litmus/core";

/** A job that a worker of this process has. */
export interface LiveAttempt {
  readonly worker: string;
  readonly jobId: string;
  /** The lock's value: no other attempt has it. */
  readonly token: string;
  readonly controller: AbortController;
}

/** The attempts of this process. */
export class LiveAttempts {
  readonly #attempts = new Set<LiveAttempt>();

  begin(key: Omit<LiveAttempt, "controller">): LiveAttempt {
    // A worker that stood still may get its own lost job again.
    this.abortJob(key.jobId, attemptLost(key.jobId));
    const attempt: LiveAttempt = { ...key, controller: new AbortController() };
    this.#attempts.add(attempt);
    return attempt;
  }

  end(attempt: LiveAttempt): void {
    this.#attempts.delete(attempt);
  }

  of(worker: string): readonly LiveAttempt[] {
    return [...this.#attempts].filter((attempt) => attempt.worker === worker);
  }

  abortJob(jobId: string, reason: unknown): void {
    for (const attempt of this.#attempts) if (attempt.jobId === jobId) attempt.controller.abort(reason);
  }

  abortWorker(worker: string, reason: unknown): void {
    for (const attempt of this.of(worker)) attempt.controller.abort(reason);
  }
}

/** Why an attempt ends whose lock is gone. */
export const attemptLost = (jobId: string): LitmusError =>
  new LitmusError(
    "conflict",
    `this attempt at job ${jobId} no longer counts: it was withdrawn, or given to another worker`,
  );
