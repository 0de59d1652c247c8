import { LitmusError, toLitmusError } from "@litmus/core";
import type { ErrorCode, ErrorDetails } from "@litmus/core";

/** What Postgres says about an error. Severities above ERROR end the server. */
interface PostgresError {
  readonly message: string;
  readonly severity: string;
  readonly code: string;
  readonly detail?: string;
}

const outOfSpaceHint = "free space on that disk, then run the same command again: nothing stored so far is lost";

/** Any error of the database as a typed one, without the statement and its values. */
export function storeError(value: unknown): LitmusError {
  if (LitmusError.isInstance(value)) return value;
  const found = postgresError(value);
  if (found === null) return toLitmusError(value);
  const { code, details } = meaning(found.code);
  const detail = found.detail === undefined ? "" : ` (${found.detail})`;
  return new LitmusError(code, `the store refused: ${found.message}${detail}`, { ...details, cause: value });
}

function meaning(sqlState: string): { code: ErrorCode; details: ErrorDetails } {
  if (sqlState === "53100") return { code: "out-of-space", details: { hint: outOfSpaceHint } };
  if (sqlState === "23503")
    return { code: "not-found", details: { hint: "save the run, and the problem of a trajectory, first" } };
  if (sqlState.startsWith("22") || sqlState.startsWith("23")) return { code: "invalid-input", details: {} };
  if (sqlState.startsWith("08") || sqlState === "40001") return { code: "unavailable", details: { retryable: true } };
  if (sqlState.startsWith("XX00"))
    return { code: "corrupt-file", details: { hint: "restore the store's folder from a copy" } };
  return { code: "bug", details: {} };
}

/** Whether a database still answers after an error: only plain errors leave it running. */
export function isFatal(value: unknown): boolean {
  return !LitmusError.isInstance(value) && postgresError(value)?.severity !== "ERROR";
}

/** The error of a database that stopped, from the last lines that it printed. */
export function stoppedError(lastLines: string, cause: unknown): LitmusError {
  const isFull = /No space left on device|File too large|Disk quota exceeded/i.test(lastLines);
  const reason = lastLines.trim() === "" ? toLitmusError(cause).message : lastLines.trim();
  return isFull
    ? new LitmusError("out-of-space", `the store stopped, the disk is full: ${reason}`, { hint: outOfSpaceHint, cause })
    : new LitmusError("unavailable", `the store stopped: ${reason}`, {
        hint: "run the same command again: what was stored is kept",
        cause,
      });
}

function postgresError(value: unknown): PostgresError | null {
  for (let error: unknown = value; error instanceof Error; error = error.cause) {
    if ("severity" in error && "code" in error && typeof error.code === "string") return error as PostgresError & Error;
  }
  return null;
}
