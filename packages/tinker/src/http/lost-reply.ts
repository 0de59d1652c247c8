import { LitmusError } from "@litmus/core";

/** A request whose reply did not arrive. Whether it may be sent again depends on what it does. */
export class LostReply extends LitmusError {
  /** False only where the request certainly never reached the server. */
  readonly mayHaveActed: boolean;

  constructor(message: string, details: { readonly mayHaveActed: boolean; readonly cause?: unknown }) {
    super("unavailable", message, {
      cause: details.cause,
      retryable: true,
      hint: "check that the Tinker server runs and that its address is right",
    });
    this.mayHaveActed = details.mayHaveActed;
  }

  /** The same after several attempts, any of which may have acted. */
  withActed(mayHaveActed: boolean): LostReply {
    return mayHaveActed === this.mayHaveActed ? this : new LostReply(this.message, { mayHaveActed, cause: this });
  }
}

const neverReached = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether an error of `fetch` says that no connection was made. Anything else may have come after the server acted. */
export function isNeverReached(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && neverReached.has(String(cause.code))) return true;
  }
  return false;
}
