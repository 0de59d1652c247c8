/** @file What a worker returns for a job: the episodes that failed, whole. Checked where it is read, like a job. */
import {
  fail,
  LitmusError,
  type Outcome,
  type RolloutJob,
  type RolloutJobResult,
  type StoredTrajectory,
  succeed,
  trajectoryId,
} from "@litmus/core";
import { z } from "zod";
import { fromExactJson, toExactJson } from "./exact-json.ts";
import { groupJobId } from "./job-id.ts";
import { rolloutSchema } from "./key-schemas.ts";

export interface ResultMessage {
  readonly schemaVersion: 1;
  /** Exact JSON of the failed episodes. */
  readonly failed: string;
}

const messageSchema = z.object({ schemaVersion: z.literal(1), failed: z.string() });

/** Any number: zod's own refuses those that are not finite, and a failed episode may hold them. */
const number = z.custom<number>((value) => typeof value === "number", "no number");

/** What the run reads of a failed episode; the store checks the rest before it keeps one. */
const failedSchema = z.array(
  z.looseObject({
    id: z.string(),
    key: rolloutSchema,
    problemId: z.string().nullable(),
    trajectory: z.looseObject({
      schemaVersion: z.literal(1),
      tokens: z.array(z.number()),
      logProbs: z.array(number),
      segments: z.array(z.looseObject({ kind: z.string() })),
      turns: z.array(z.looseObject({ index: z.number() })),
      outcome: z.looseObject({ type: z.enum(["stopped", "failed"]) }),
      usage: z.looseObject({ sampledTokens: z.number() }),
    }),
    // Rewards come from the store alone: what failed has none.
    reward: z.null(),
    rewardFailure: z.looseObject({ code: z.string() }).nullable(),
  }),
);

/** The result as it is sent. @throws LitmusError `bug` when it holds anything but failed episodes of the job's group */
export function writeResult(result: RolloutJobResult, job: RolloutJob): ResultMessage {
  const message: ResultMessage = { schemaVersion: 1, failed: toExactJson(result.failed) };
  const read = readResult(message, job);
  if (!read.ok) throw new LitmusError("bug", read.failure.message);
  return message;
}

/** What a worker returned for this job. */
export function readResult(data: unknown, job: RolloutJob): Outcome<RolloutJobResult> {
  const message = messageSchema.safeParse(data);
  if (!message.success) return malformed(z.prettifyError(message.error));
  const episodes = failedSchema.safeParse(parseOrNull(message.data.failed));
  if (!episodes.success) return malformed(z.prettifyError(episodes.error));
  for (const { id, key } of episodes.data) {
    if (id !== trajectoryId(key)) return malformed(`an episode has the id of another key: ${id}`);
    if (groupJobId(key) !== groupJobId(job.group)) return malformed(`an episode is of another group: ${id}`);
  }
  return succeed({ failed: episodes.data as unknown as readonly StoredTrajectory[] });
}

function parseOrNull(text: string): unknown {
  try {
    return fromExactJson(text);
  } catch {
    return null;
  }
}

const malformed = (reason: string): Outcome<never> =>
  fail({
    boundary: "queue",
    code: "malformed-result",
    message: `the worker's result cannot be read: ${reason}`,
    retryable: false,
  });
