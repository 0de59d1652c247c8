import { ApiError } from "@litmus/api";
import { LitmusError, type ErrorCode } from "@litmus/core";
import { exitCodes } from "../../exit-code.ts";

/** What another process refused, as this one's own error, with its code; anything else as it is. */
export function holderError(cause: unknown): unknown {
  if (!ApiError.isInstance(cause)) return cause;
  const { message, status } = cause;
  const code = codeOf(cause.code);
  const hint = status === 0 ? "it may just have ended: try again" : cause.hint;
  return new LitmusError(code, message, { retryable: code === "unavailable", ...(hint === null ? {} : { hint }) });
}

/** A holder that is interrupted answers no more; this process is not. */
function codeOf(code: string): ErrorCode {
  return isErrorCode(code) && code !== "interrupted" ? code : "unavailable";
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(exitCodes, code);
