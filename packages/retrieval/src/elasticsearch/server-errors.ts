import { errors } from "@elastic/elasticsearch";
import { type ErrorCode, type Failure, LitmusError, toLitmusError } from "@litmus/core";
import { retrievalFailure, timedOut } from "../remote/search-failures.ts";
import { failureOfStatus, isRetryableStatus } from "../remote/status-failures.ts";

/** The failure of a request that the client gave up or the server refused. `search-failed` is a bug. */
export function failureOfError(error: unknown): Failure {
  if (error instanceof errors.TimeoutError || error instanceof errors.RequestAbortedError) return timedOut;
  if (error instanceof errors.ResponseError) return failureOfStatus(error.statusCode ?? 500, describe(error));
  if (error instanceof errors.ConnectionError || error instanceof errors.NoLivingConnectionsError)
    return retrievalFailure("search-unavailable", `the search server cannot be reached: ${error.message}`, true);
  if (error instanceof errors.DeserializationError || error instanceof errors.ProductNotSupportedError)
    return retrievalFailure("search-malformed-answer", `the server's answer cannot be read: ${error.message}`, false);
  return retrievalFailure("search-failed", `the search failed: ${String(error)}`, false);
}

/** Anything thrown while doing something on the server, as an error that says what. */
export function toServerError(error: unknown, doing: string): LitmusError {
  if (!(error instanceof errors.ElasticsearchClientError)) return toLitmusError(error);
  const status = error instanceof errors.ResponseError ? (error.statusCode ?? 500) : 0;
  const { code, message, retryable } = failureOfError(error);
  return new LitmusError(code === "search-failed" ? "bug" : errorCodeOf(error, status), `${doing} failed: ${message}`, {
    hint: hintOf(error, status),
    retryable,
    cause: error,
  });
}

function errorCodeOf(error: errors.ElasticsearchClientError, status: number): ErrorCode {
  if (error instanceof errors.ProductNotSupportedError || error instanceof errors.DeserializationError)
    return "incompatible";
  if (status === 404) return "not-found";
  if (status === 401 || status === 403) return "invalid-config";
  return status >= 400 && status < 500 && !isRetryableStatus(status) ? "invalid-input" : "unavailable";
}

function hintOf(error: errors.ElasticsearchClientError, status: number): string {
  if (status === 401 || status === 403) return "Check the API key or the user, and what it may do.";
  if (error instanceof errors.ProductNotSupportedError) return "For OpenSearch, set the flavor opensearch.";
  return status === 404 ? "Check the name, or build the index." : "Check that the server runs, and its log.";
}

/** The server's own words, without the stack and the request. */
function describe(error: errors.ResponseError): string {
  return `status ${error.statusCode}: ${error.message.split("\n", 1)[0]}`;
}
