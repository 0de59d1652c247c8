import type { RolloutHandler } from "@litmus/core";
import { type Job, UnrecoverableError } from "bullmq";
import { attemptsExhausted, workersLost, writeFailure } from "../messages/job-failures.ts";
import { readJob } from "../messages/job-message.ts";
import { type ResultMessage, writeResult } from "../messages/result-message.ts";
import type { LiveAttempts } from "./live-attempts.ts";

export interface AttemptParts {
  readonly attempts: LiveAttempts;
  readonly worker: string;
  readonly crashes: number;
  readonly handler: RolloutHandler;
}

/** One attempt. Rejects as BullMQ wants it: the text of the error is the failure, and an unrecoverable one ends the job. */
export async function attemptJob(parts: AttemptParts, job: Job, token: string): Promise<ResultMessage> {
  const { attempts, worker, crashes, handler } = parts;
  const read = readJob(job.data, job.id);
  if (!read.ok) throw new UnrecoverableError(writeFailure(read.failure));
  if (job.stalledCounter > crashes) throw new UnrecoverableError(writeFailure(workersLost(job.stalledCounter)));
  const attempt = attempts.begin({ worker, jobId: job.id ?? "", token });
  try {
    // BullMQ's attemptsMade counts failures alone; attemptsStarted counts crashes too.
    const result = await handler(read.value, { number: job.attemptsStarted, signal: attempt.controller.signal });
    return writeResult(result, read.value);
  } catch (error) {
    throw new Error(writeFailure(attemptsExhausted(error, job.attemptsMade + 1)));
  } finally {
    attempts.end(attempt);
  }
}
