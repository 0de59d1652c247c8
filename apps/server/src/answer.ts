import { LitmusError } from "@litmus/core";
import type { ErrorCode } from "@litmus/core";
import { dataHeaders } from "./security-headers.ts";
import { hideHome, wireJson } from "./wire-json.ts";

/** What an error answer holds. */
export interface ErrorAnswer {
  readonly type: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

const headers = {
  ...dataHeaders,
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
};

/** A JSON answer, never cached and never taken for a page. */
export function answer(value: unknown, status = 200): Response {
  return new Response(wireJson(value), { status, headers });
}

/** A JSON answer with texts of records, which are sent as they are. */
export function recordAnswer(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers });
}

/** An error answer. @param status overrides the code's own */
export function errorAnswer(error: LitmusError, status = statusOf(error.code)): Response {
  const body: ErrorAnswer = {
    type: "error",
    code: error.code,
    message: hideHome(error.message),
    ...(error.hint === undefined ? {} : { hint: hideHome(error.hint) }),
  };
  return answer(body, status);
}

/**
 * Anything thrown as an error that may be told; what is no LitmusError may hold anything, and stays inside.
 * @param onError told what stays inside
 */
export function thrownError(thrown: unknown, onError: (error: unknown) => void): LitmusError {
  if (LitmusError.isInstance(thrown) && thrown.code !== "bug") return thrown;
  onError(thrown);
  return new LitmusError("bug", "the server failed; its own output says why");
}

/** {@link thrownError} as an answer. */
export function thrownAnswer(thrown: unknown, onError: (error: unknown) => void): Response {
  return errorAnswer(thrownError(thrown, onError));
}

function statusOf(code: ErrorCode): number {
  switch (code) {
    case "invalid-config":
    case "invalid-input":
    case "invalid-data":
      return 400;
    case "not-found":
      return 404;
    case "conflict":
      return 409;
    case "unavailable":
    case "interrupted":
      return 503;
    case "out-of-space":
      return 507;
    case "corrupt-file":
    case "incompatible":
    case "gate-failed":
    case "bug":
      return 500;
    default:
      return code satisfies never;
  }
}
