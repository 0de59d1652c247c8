import { LitmusError } from "@litmus/core";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { z } from "zod";
import { errorAnswer } from "./answer.ts";
import { maxBodyBytes } from "./request-schemas.ts";

/** Refuses a body that is too long. */
export const limitBody = bodyLimit({
  maxSize: maxBodyBytes,
  onError: () => errorAnswer(new LitmusError("invalid-input", `a request holds at most ${maxBodyBytes} bytes`), 413),
});

/**
 * The JSON of a request, as its schema has it.
 * @throws LitmusError `invalid-input` that names the member, and never repeats what came
 */
export async function readBody<Output>(context: Context, schema: z.ZodType<Output>): Promise<Output> {
  const body: unknown = await context.req.json().catch((cause: unknown) => {
    throw new LitmusError("invalid-input", "the body is not JSON", { cause });
  });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const isUnknown = issue?.code === "unrecognized_keys";
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new LitmusError("invalid-input", isUnknown ? "unknown member" : `${where}${issue?.message ?? "not valid"}`);
}
