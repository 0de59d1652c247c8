import { z } from "zod";

/** How a request that was refused is answered. */
export const errorAnswerSchema = z.object({
  type: z.literal("error"),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
});

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

  constructor({ code, message, status, hint }: { code: string; message: string; status: number; hint: string | null }) {
    super(message);
    this.code = code;
    this.status = status;
    this.hint = hint;
  }

  static isInstance(value: unknown): value is ApiError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
