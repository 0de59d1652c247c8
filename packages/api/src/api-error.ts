import { z } from "zod";

/** How a request that was refused is answered. */
export const errorAnswerSchema = z.object({
  type: z.literal("error"),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
});

export interface ApiErrorDetails {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly hint: string | null;
  readonly detail?: string;
}

const marker = Symbol.for("litmus.api-error");

/** A request that was refused, or that nobody answered (`unavailable`). */
export class ApiError extends Error {
  readonly [marker] = true;
  override readonly name = "ApiError";
  readonly code: string;
  /** HTTP status; 0 where nobody answered. */
  readonly status: number;
  /** What to do. */
  readonly hint: string | null;
  /** All that was wrong, in lines, where the message names only the first. */
  readonly detail: string | undefined;

  constructor({ code, message, status, hint, detail }: ApiErrorDetails) {
    super(message);
    this.code = code;
    this.status = status;
    this.hint = hint;
    this.detail = detail;
  }

  static isInstance(value: unknown): value is ApiError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
