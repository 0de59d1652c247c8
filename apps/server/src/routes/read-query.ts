import { LitmusError } from "@litmus/core";
import type { Context } from "hono";
import type { z } from "zod";

/**
 * The parameters of an address, as their schema has them.
 * @throws LitmusError `invalid-input` that names the parameter, and never repeats what came
 */
export function readQuery<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
  context: Context,
): z.infer<z.ZodObject<Shape, z.core.$strict>> {
  const parsed = schema.safeParse(context.req.query());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0] ?? "");
  const isUnknown = issue?.code === "unrecognized_keys";
  const message = isUnknown ? "unknown parameter" : `${name}: ${issue?.message ?? "not valid"}`;
  const known = Object.keys(schema.shape);
  throw new LitmusError("invalid-input", message, {
    path: isUnknown ? "" : name,
    hint: known.length === 0 ? "there are none here" : `there are ${known.join(", ")}`,
  });
}
