import type { Timing } from "@litmus/core";

export interface CircuitBreakerOptions {
  /** Requests that must fail in a row before the server is left alone. Default 5. */
  readonly failuresToOpen?: number;
  /** How long it is left alone, in milliseconds. Default 10,000. */
  readonly openMs?: number;
}

/** How a request ended, as far as it tells of the server: `unknown` when the caller gave it up. */
export type ServerSign = "up" | "down" | "unknown";

/**
 * Spares a failing server: after several failures in a row no request may go out for a while, then one at a time,
 * until one succeeds. Every `allows()` that returned true must be followed by one `record`.
 * @see M. Nygard, Release It!, 2nd edition, "Circuit Breaker"
 */
export class CircuitBreaker {
  readonly #timing: Timing;
  readonly #failuresToOpen: number;
  readonly #openMs: number;
  #failures = 0;
  #openedAtMs: number | null = null;
  #isProbing = false;

  constructor(timing: Timing, { failuresToOpen = 5, openMs = 10_000 }: CircuitBreakerOptions = {}) {
    this.#timing = timing;
    this.#failuresToOpen = failuresToOpen;
    this.#openMs = openMs;
  }

  allows(): boolean {
    if (this.#openedAtMs === null) return true;
    if (this.#isProbing || this.#timing.monotonicMs() - this.#openedAtMs < this.#openMs) return false;
    this.#isProbing = true;
    return true;
  }

  record(sign: ServerSign): void {
    this.#isProbing = false;
    if (sign === "unknown") return;
    this.#failures = sign === "up" ? 0 : this.#failures + 1;
    if (sign === "up") this.#openedAtMs = null;
    else if (this.#failures >= this.#failuresToOpen) this.#openedAtMs = this.#timing.monotonicMs();
  }
}
