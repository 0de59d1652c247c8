/** @file Keys as they stand in messages. */
import { type GroupKey, type RolloutKey, type RunId, rolloutPurposes, runId } from "@litmus/core";
import { z } from "zod";

const groupParts = {
  runId: z
    .string()
    .refine(isRunId, "no run id")
    .transform((text) => text as RunId),
  stage: z.string(),
  step: z.int(),
  purpose: z.enum(rolloutPurposes),
  group: z.int(),
};

export const groupSchema = z.strictObject(groupParts) satisfies z.ZodType<GroupKey>;

export const rolloutSchema = z.strictObject({
  ...groupParts,
  member: z.int().nonnegative(),
}) satisfies z.ZodType<RolloutKey>;

function isRunId(text: string): boolean {
  try {
    runId(text);
    return true;
  } catch {
    return false;
  }
}
