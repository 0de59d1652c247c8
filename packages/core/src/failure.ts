/** Which boundary an expected failure crossed. */
export const failureBoundaries = ["policy", "retrieval", "parser", "reward", "timeout", "queue"] as const;
export type FailureBoundary = (typeof failureBoundaries)[number];

/** An expected failure inside an episode: data, stored on the trajectory, counted, and never a reward. */
export interface Failure {
  readonly boundary: FailureBoundary;
  /** Kebab-case, stable: `model-process-exited`, `search-timed-out`. */
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** What a port used inside an episode resolves to: it never rejects. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const succeed = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const fail = (failure: Failure): Outcome<never> => ({ ok: false, failure });
