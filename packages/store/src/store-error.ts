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

const slowHint = "the server is overloaded, or a lock is held: try again, or allow statements more time";

/**
 * Whether the same transaction may succeed when it is run again: it lost against another one, or the server goes down, comes up, ended
 * the session or has no connection left.
 */
export function isTransientState(sqlState: string): boolean {
  const states = ["40001", "40P01", "57P01", "57P02", "57P03", "25P03", "53300"];
  return sqlState.startsWith("08") || states.includes(sqlState);
}

/** Postgres' code of an error, when it is one of Postgres. */
export const sqlStateOf = (value: unknown): string | null => postgresError(value)?.code ?? null;

/** Any error of the database as a typed one, without the statement and its values. */
export function storeError(value: unknown): LitmusError {
  if (LitmusError.isInstance(value)) return value;
  const found = postgresError(value);
  if (found === null) return toLitmusError(value);
  const { code, details } = meaning(found.code);
  // Which key is missing is said there; in other errors the detail is the whole row.
  const detail = code !== "not-found" || found.detail === undefined ? "" : ` (${found.detail})`;
  return new LitmusError(code, `the store refused: ${found.message}${detail}`, { ...details, cause: value });
}

function meaning(sqlState: string): { code: ErrorCode; details: ErrorDetails } {
  if (sqlState === "53100") return { code: "out-of-space", details: { hint: outOfSpaceHint } };
  if (sqlState === "23503")
    return { code: "not-found", details: { hint: "save the run, and the problem of a trajectory, first" } };
  if (sqlState.startsWith("22") || sqlState.startsWith("23")) return { code: "invalid-input", details: {} };
  if (isTransientState(sqlState)) return { code: "unavailable", details: { retryable: true } };
  if (sqlState === "57014") return { code: "unavailable", details: { retryable: true, hint: slowHint } };
  if (sqlState === "25006") return { code: "unavailable", details: { hint: "name the primary server, not a replica" } };
  if (sqlState === "42501")
    return { code: "invalid-config", details: { hint: "let the user of the address own the store's tables" } };
  if (sqlState.startsWith("XX00")) return { code: "corrupt-file", details: { hint: "restore the store from a copy" } };
  return { code: "bug", details: {} };
}

/** The error of a database that stopped, from its last words. */
export function stoppedError(directory: string, reason: string): LitmusError {
  const isFull = /No space left on device|File too large|quota exceeded/i.test(reason);
  const message = `the store in ${directory} stopped${isFull ? ", its disk is full" : ""}: ${reason}`;
  const again =
    "run the same command again: nothing stored so far is lost; if it stops again, restore the folder from a copy";
  return new LitmusError(isFull ? "out-of-space" : "unavailable", message, {
    hint: isFull ? outOfSpaceHint : again,
    path: directory,
  });
}

function postgresError(value: unknown): PostgresError | null {
  for (let error: unknown = value; error instanceof Error; error = error.cause) {
    if ("severity" in error && "code" in error && typeof error.code === "string") return error as PostgresError & Error;
  }
  return null;
}
