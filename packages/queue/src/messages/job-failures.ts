/** @file Why a job is dead, as data. */
import { type Failure, failureBoundaries, toLitmusError } from "@litmus/core";
import { z } from "zod";

const longestMessage = 2_000;

const failureSchema = z.object({
  boundary: z.enum(failureBoundaries),
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
}) satisfies z.ZodType<Failure>;

/** What the handler's last rejection means for the job; the code is the error's own. @param failures attempts that failed, this one too */
export function attemptsExhausted(error: unknown, failures: number): Failure {
  const { code, message, hint, retryable } = toLitmusError(error);
  const last = hint === undefined ? message : `${message}: ${hint}`;
  const told = failures === 1 ? last : `${last} (attempt ${failures} of ${failures})`;
  return { boundary: "queue", code, message: told.slice(0, longestMessage), retryable };
}

/** The job of a worker that ended, or stood still, again and again. */
export function workersLost(crashes: number): Failure {
  return {
    boundary: "queue",
    code: "workers-lost",
    message: `${crashes} workers ended or stood still while they had this job: look for its group in their last lines`,
    retryable: false,
  };
}

/** A failure as the text of an error. */
export const writeFailure = (failure: Failure): string => JSON.stringify(failure);

/** The failure of {@link writeFailure}; any other text is the message of one. */
export function readFailure(text: string | undefined): Failure {
  const message = (text ?? "").slice(0, longestMessage);
  try {
    return failureSchema.parse(JSON.parse(text ?? ""));
  } catch {
    return { boundary: "queue", code: "job-failed", message, retryable: false };
  }
}
