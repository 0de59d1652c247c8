import type { Failure, SearchOptions } from "@litmus/core";

/** A failure of the boundary `retrieval`. */
export function retrievalFailure(code: string, message: string, retryable: boolean): Failure {
  return { boundary: "retrieval", code, message, retryable };
}

export const aborted: Failure = {
  boundary: "timeout",
  code: "aborted",
  message: "the search was aborted",
  retryable: true,
};
export const timedOut: Failure = {
  boundary: "timeout",
  code: "search-timed-out",
  message: "the search server did not answer in time",
  retryable: true,
};
export const closed: Failure = retrievalFailure("retriever-closed", "the retriever is closed", false);
export const circuitOpen: Failure = retrievalFailure(
  "circuit-open",
  "the search server failed several times in a row and is left alone for a while",
  true,
);

/** What an aborted signal means: a deadline and a closing name themselves as its reason; anything else is the caller. */
export function failureOfAbort(signal: AbortSignal): Failure {
  return [timedOut, closed].find((failure) => failure === signal.reason) ?? aborted;
}

/** Why a search must not start, or null. @param maxTopK what the server gives at most */
export function refusalOf(options: SearchOptions, isClosed: boolean, maxTopK: number): Failure | null {
  const { topK, signal } = options;
  if (signal?.aborted === true) return aborted;
  if (isClosed) return closed;
  if (Number.isInteger(topK) && topK >= 1 && topK <= maxTopK) return null;
  return retrievalFailure("invalid-top-k", `topK is ${topK}, not a whole number from 1 to ${maxTopK}`, false);
}
