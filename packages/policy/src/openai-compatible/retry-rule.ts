/** How often, and after which pauses, a request is tried again. */
export interface RetryRule {
  /** Tries after the first. */
  readonly maxRetries: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Resolves early when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Answers that say "later": too many requests, and a gateway or a server without room. */
const laterStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Whether a status asks for another try. */
export function asksForRetry(status: number): boolean {
  return laterStatuses.has(status);
}

/**
 * Milliseconds to pause: uniform between 0 and a ceiling that doubles with every try ("full jitter"), so that clients
 * that failed together do not come back together; but no less than the engine asks for, up to the longest pause.
 * @param attempt 0 after the first try
 * @param retryAfterMs what the engine asks for; 0 when it asks for nothing
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelayMs(rule: RetryRule, attempt: number, retryAfterMs: number): number {
  const ceiling = Math.min(rule.longestDelayMs, rule.firstDelayMs * 2 ** attempt);
  return Math.max(rule.random() * ceiling, Math.min(retryAfterMs, rule.longestDelayMs));
}

/** Milliseconds of a `Retry-After` header in seconds; 0 without one. A date counts as none. */
export function retryAfterMs(header: string | null): number {
  return header !== null && /^\d+$/.test(header.trim()) ? Number(header) * 1000 : 0;
}
