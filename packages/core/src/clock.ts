/** Time, passed in so that tests can hold it. */
export interface Clock {
  /** Wall clock, ISO 8601 in UTC. For records only, never for durations. */
  timestamp(): string;
  /** Monotonic milliseconds. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  timestamp: () => new Date().toISOString(),
  monotonicMs: () => performance.now(),
};
