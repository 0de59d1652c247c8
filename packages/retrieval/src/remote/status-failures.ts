import type { Failure } from "@litmus/core";
import { retrievalFailure, timedOut } from "./search-failures.ts";

/** Statuses of a server that is overloaded, restarting or behind a proxy: the same request may succeed later. */
const retryableStatuses = new Set([429, 502, 503, 504]);

export const isRetryableStatus = (status: number): boolean => retryableStatuses.has(status);

/** The failure of one search that the server answered with an error. */
export function failureOfStatus(status: number, message: string): Failure {
  if (status === 504) return timedOut;
  if (isRetryableStatus(status)) {
    return retrievalFailure(status === 429 ? "search-overloaded" : "search-unavailable", message, true);
  }
  if (status === 401 || status === 403) return retrievalFailure("search-unauthorized", message, false);
  return retrievalFailure(status === 404 ? "index-missing" : "search-rejected", message, false);
}
