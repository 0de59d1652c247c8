import { LitmusError } from "@litmus/core";
import type { ErrorCode, Failure } from "@litmus/core";

/** What can go wrong between a policy and its engine; stable, stored with trajectories. */
export type EngineFailureCode =
  | "engine-unreachable"
  | "engine-timed-out"
  | "engine-busy"
  | "engine-failed"
  | "engine-not-started"
  | "engine-refused-key"
  | "engine-refused-request"
  | "engine-reply-unreadable"
  | "model-unknown"
  | "adapter-unknown"
  | "token-ids-missing"
  | "unknown-token"
  | "log-probs-missing"
  | "prompt-changed"
  | "action-truncated"
  | "end-token-missing"
  | "wrong-policy"
  | "temperature-not-reflected"
  | "score-not-supported"
  | "policy-closed";

/** Worth another try later, since nothing says that the same request would fail again. */
const retryable: ReadonlySet<EngineFailureCode> = new Set([
  "engine-unreachable",
  "engine-timed-out",
  "engine-busy",
  "engine-failed",
  "engine-not-started",
  "adapter-unknown",
  "action-truncated",
]);

/** The failure of an answer that came from other weights. */
export function otherWeights(found: string): Failure {
  return engineFailure("wrong-policy", `the engine answered with ${found}`);
}

/** A failure of the engine as data. */
export function engineFailure(code: EngineFailureCode, message: string): Failure {
  const boundary = code === "engine-timed-out" ? "timeout" : "policy";
  return { boundary, code, message, retryable: retryable.has(code) };
}

const longestExcerpt = 300;

/** The failure that an answer's status stands for. @param text what the engine wrote; cut to 300 characters */
export function failureOfStatus(status: number, text: string): Failure {
  return engineFailure(codeOfStatus(status), `the engine answered ${status}: ${excerpt(text)}`);
}

function codeOfStatus(status: number): EngineFailureCode {
  if (status === 401 || status === 403) return "engine-refused-key";
  if (status === 429 || status === 503) return "engine-busy";
  return status >= 500 ? "engine-failed" : "engine-refused-request";
}

/** The first 300 characters, on one line. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > longestExcerpt ? `${line.slice(0, longestExcerpt)}…` : line;
}

/** A failure outside of an episode, at start-up or between versions, as the error that it is there. */
export function engineError(failure: Failure, details: { readonly what: string; readonly hint: string }): LitmusError {
  const { what, hint } = details;
  return new LitmusError(errorCodeOf(failure), `${what}: ${failure.message}`, { hint, retryable: failure.retryable });
}

function errorCodeOf(failure: Failure): ErrorCode {
  if (failure.code === "engine-refused-key") return "invalid-config";
  if (failure.code === "aborted" || failure.code === "policy-closed") return "interrupted";
  return failure.retryable ? "unavailable" : "incompatible";
}
