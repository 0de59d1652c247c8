/** @file What stands in the queue for a job. Anyone who reaches the server can write there, so it is checked where it is read. */
import {
  fail,
  type Failure,
  LitmusError,
  type Outcome,
  type PolicyVersion,
  type ProblemId,
  type RolloutJob,
  succeed,
} from "@litmus/core";
import { z } from "zod";
import { groupJobId } from "./job-id.ts";
import { groupSchema } from "./key-schemas.ts";

const supportedVersion = 1;

const jobSchema = z.strictObject({
  schemaVersion: z.literal(supportedVersion),
  group: groupSchema,
  problemId: z.string().transform((text) => text as ProblemId),
  prompt: z.enum(["base", "trained"]),
  temperature: z.number().nonnegative(),
  seeds: z.array(z.int()).min(1).readonly(),
  policyVersion: z
    .int()
    .nonnegative()
    .transform((version) => version as PolicyVersion),
}) satisfies z.ZodType<RolloutJob>;

const versionSchema = z.looseObject({ schemaVersion: z.number() });

/** The job as it is sent. @throws LitmusError `invalid-input` when it is none */
export function writeJob(job: RolloutJob): RolloutJob {
  const parsed = jobSchema.safeParse(job);
  if (parsed.success) return parsed.data;
  throw new LitmusError("invalid-input", `this job cannot be queued: ${z.prettifyError(parsed.error)}`, {
    cause: parsed.error,
  });
}

/** What stands in the queue under an id, as the job it must be. */
export function readJob(data: unknown, id: string | undefined): Outcome<RolloutJob> {
  const version = versionSchema.safeParse(data);
  if (version.success && version.data.schemaVersion !== supportedVersion)
    return fail(
      unreadable(
        "unsupported-job-version",
        `the job has version ${version.data.schemaVersion}, this process reads version ${supportedVersion}: run the same version of Litmus on both sides`,
      ),
    );
  const parsed = jobSchema.safeParse(data);
  if (!parsed.success)
    return fail(unreadable("malformed-job", `the job cannot be read: ${z.prettifyError(parsed.error)}`));
  if (groupJobId(parsed.data.group) !== id)
    return fail(unreadable("malformed-job", "the job stands under the id of another group"));
  return succeed(parsed.data);
}

const unreadable = (code: string, message: string): Failure => ({ boundary: "queue", code, message, retryable: false });
