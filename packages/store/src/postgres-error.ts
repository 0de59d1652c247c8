import { LitmusError } from "@litmus/core";
import type { PostgresUrl } from "./postgres-url.ts";
import { isTransientState, sqlStateOf, storeError } from "./store-error.ts";

/** System errors that say that the server is not there, or no longer. */
const lostCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
/** What the driver says, without a code, about a connection that ended, or that did not come about in time. */
const lostMessages = /connection terminated|connection timeout|timeout e(xceeded|xpired)|read timeout|not queryable/i;
const passwordMessages = /^SASL|password/i;

/** Whether the same transaction, run again on another connection, may succeed. */
export function isTransient(error: unknown): boolean {
  if (LitmusError.isInstance(error)) return false;
  const sqlState = sqlStateOf(error);
  return sqlState === null ? isLost(error) : isTransientState(sqlState);
}

/** Whether the connection on which an error came may be used again: the server refused a statement, or the store its values. */
export function leavesConnection(error: unknown): boolean {
  return LitmusError.isInstance(error) || (sqlStateOf(error) !== null && !isTransient(error));
}

/** Any error of a server as a typed one that names the server, never the password. */
export function serverError(error: unknown, url: PostgresUrl): LitmusError {
  if (LitmusError.isInstance(error)) return error;
  const sqlState = sqlStateOf(error);
  const reason = reasonOf(error);
  if (sqlState?.startsWith("28") === true || (sqlState === null && passwordMessages.test(reason)))
    return new LitmusError("invalid-config", `${url.shown} lets this user not in: ${reason}`, {
      hint: "check the user and the password of the store's address",
      cause: error,
    });
  if (sqlState === "3D000")
    return new LitmusError("not-found", `there is no database ${url.database} at ${url.shown}`, {
      hint: `make it (createdb ${url.database}), or name another one`,
      cause: error,
    });
  if (sqlState === null && isLost(error)) return unreachable(error, url, reason);
  return storeError(error);
}

function unreachable(error: unknown, { shown }: PostgresUrl, reason: string): LitmusError {
  return new LitmusError("unavailable", `${shown} cannot be reached: ${reason}`, {
    hint: "check that the server runs and that the address is right, then run the same command again: nothing stored is lost",
    retryable: true,
    cause: error,
  });
}

function isLost(error: unknown): boolean {
  return causesOf(error).some(
    (each) => ("code" in each && lostCodes.has(String(each.code))) || lostMessages.test(each.message),
  );
}

/** The innermost words; a host of several addresses fails with one error each. */
function reasonOf(error: unknown): string {
  const innermost = causesOf(error).at(-1);
  if (innermost === undefined) return String(error);
  if (innermost instanceof AggregateError) return innermost.errors.map(reasonOf).join("; ");
  return innermost.message;
}

function causesOf(error: unknown): readonly Error[] {
  const found: Error[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) found.push(each);
  return found;
}
