import type { ErrorCode } from "@litmus/core";

/** An error as the page tells it: what failed, where, and what to do. */
export interface ErrorDescription {
  readonly message: string;
  readonly path?: string;
  readonly hint: string;
  /** All that was wrong, in lines, where the message names only the first. */
  readonly detail?: string;
}

interface CodedError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string | null;
  readonly path?: string;
  readonly detail?: string;
  readonly retryable?: boolean;
}

/** Whether the same request may succeed a little later. */
export function isRetryable(error: unknown): boolean {
  if (!isCoded(error)) return false;
  return error.retryable === true || error.code === "unavailable";
}

/** Any thrown value in words for the reader; a defect of the page itself is called one. */
export function describeError(error: unknown): ErrorDescription {
  if (isCoded(error)) {
    return {
      message: asSentence(error.message),
      ...(error.path === undefined ? {} : { path: error.path }),
      hint: asSentence(error.hint ?? hintOf(error.code)),
      ...(error.detail === undefined ? {} : { detail: error.detail }),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message: `The page failed: ${message}`, hint: "Reload it. If this comes again, report it with this text." };
}

/** Messages are written to follow a name; here they stand alone. */
const asSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function hintOf(code: ErrorCode): string {
  switch (code) {
    case "unavailable":
    case "interrupted":
      return "Check that litmus serve is still running, then try again.";
    case "not-found":
      return "It may belong to another runs folder. Look for it in the list of runs.";
    case "invalid-input":
    case "invalid-config":
    case "invalid-data":
      return "The address may be from another version. Start again from the leaderboard.";
    case "conflict":
      return "Reload to see what changed meanwhile, then try again.";
    case "out-of-space":
      return "Free space on the server's disk, then try again.";
    case "corrupt-file":
    case "incompatible":
    case "gate-failed":
    case "bug":
      return "The server's own output says more.";
    default:
      return code satisfies never;
  }
}

function isCoded(error: unknown): error is CodedError {
  return error instanceof Error && "code" in error && typeof error.code === "string" && isKnown(error.code);
}

const codes: ReadonlySet<string> = new Set<ErrorCode>([
  "invalid-config",
  "invalid-input",
  "invalid-data",
  "not-found",
  "conflict",
  "unavailable",
  "out-of-space",
  "corrupt-file",
  "incompatible",
  "gate-failed",
  "interrupted",
  "bug",
]);

const isKnown = (code: string): boolean => codes.has(code);
