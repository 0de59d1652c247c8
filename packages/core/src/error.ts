import { z } from "zod";

const marker = Symbol.for("litmus.error");

/** What a caller may branch on. The command line maps each to an exit code. */
export type ErrorCode =
  | "invalid-config"
  | "invalid-input"
  | "invalid-data"
  | "not-found"
  | "conflict"
  | "unavailable"
  | "out-of-space"
  | "corrupt-file"
  | "incompatible"
  | "gate-failed"
  | "interrupted"
  | "bug";

export interface ErrorDetails {
  /** One sentence or command that mends it. */
  readonly hint?: string;
  /** Config key, or file and line. */
  readonly path?: string;
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * A bug, bad input or broken infrastructure: thrown, and serialisable because it crosses processes.
 * An expected failure inside an episode is a {@link Failure} instead, and is never thrown.
 */
export class LitmusError extends Error {
  readonly [marker] = true;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly path: string | undefined;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "LitmusError";
    this.code = code;
    this.hint = details.hint;
    this.path = details.path;
    this.retryable = details.retryable ?? false;
  }

  static isInstance(value: unknown): value is LitmusError {
    return typeof value === "object" && value !== null && marker in value;
  }

  toJSON(): { code: ErrorCode; message: string; hint?: string; path?: string; retryable: boolean } {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.path === undefined ? {} : { path: this.path }),
      retryable: this.retryable,
    };
  }
}

const systemCodes: Record<string, ErrorCode> = {
  ENOSPC: "out-of-space",
  EDQUOT: "out-of-space",
  ENOENT: "not-found",
  EACCES: "unavailable",
  EROFS: "unavailable",
  EPERM: "unavailable",
};

/** The one place where an unknown thrown value becomes typed. */
export function toLitmusError(value: unknown): LitmusError {
  if (LitmusError.isInstance(value)) return value;
  if (value instanceof z.ZodError) return new LitmusError("invalid-input", z.prettifyError(value), { cause: value });
  const message = value instanceof Error ? value.message : String(value);
  const systemCode = value instanceof Error && "code" in value ? String(value.code) : "";
  return new LitmusError(systemCodes[systemCode] ?? "bug", message, { cause: value });
}
