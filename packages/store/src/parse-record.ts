import { LitmusError } from "@litmus/core";
import { z } from "zod";

/** A row as the record it must be. @throws LitmusError `corrupt-file` when it is none */
export function parseRecord<T>(schema: z.ZodType<T>, raw: unknown, what: string): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new LitmusError("corrupt-file", `the stored ${what} cannot be read: ${z.prettifyError(parsed.error)}`, {
    hint: "the store was changed from outside, or written by another version; restore it from a copy",
    cause: parsed.error,
  });
}
