import { ApiError } from "@litmus/api";
import { LitmusError, type ErrorCode } from "@litmus/core";

const passedOn: readonly string[] = ["conflict", "not-found", "invalid-input", "invalid-config", "incompatible"];

/** What another process refused, as this one's own error; anything else as it is. */
export function holderError(cause: unknown): unknown {
  if (!ApiError.isInstance(cause)) return cause;
  const code = passedOn.includes(cause.code) ? (cause.code as ErrorCode) : "unavailable";
  return new LitmusError(code, cause.message, {
    retryable: code === "unavailable",
    ...(cause.hint === null ? {} : { hint: cause.hint }),
  });
}
