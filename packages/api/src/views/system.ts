import { z } from "zod";

const workerSchema = z.object({
  id: z.string(),
  host: z.string(),
  processId: z.int(),
  startedAt: z.string(),
  lastSeenAt: z.string(),
  active: z.int(),
  done: z.int(),
});

export const systemSchema = z.object({
  server: z.object({
    version: z.string(),
    node: z.string(),
    startedAt: z.string(),
    rssBytes: z.number(),
    profile: z.enum(["embedded", "scale"]),
  }),
  store: z.object({
    engine: z.string(),
    sizeBytes: z.number().nullable(),
    /** Experiments: as many as the list of runs has. */
    runs: z.int(),
    /** Those of questions that people asked included. */
    trajectories: z.int(),
    failed: z.int(),
  }),
  /** Null where there is no queue to look into: rollouts are made in the training process. */
  queue: z
    .object({
      engine: z.string(),
      waiting: z.int(),
      active: z.int(),
      dead: z.int(),
      workers: z.array(workerSchema),
      deadJobs: z.array(
        z.object({ id: z.string(), group: z.string(), code: z.string(), message: z.string(), attempts: z.int() }),
      ),
    })
    .nullable(),
  /** Why the queue could not be asked; null where it could, or there is none. */
  queueError: z.string().nullable(),
  /** Of all runs, most frequent first. */
  failures: z.array(
    z.object({ boundary: z.string(), code: z.string(), count: z.int(), example: z.string(), runId: z.string() }),
  ),
  indexes: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      engine: z.string(),
      k1: z.number().nullable(),
      b: z.number().nullable(),
      idSpace: z.enum(["pubmed", "own"]),
      /** Runs that searched it. */
      runs: z.int(),
      /** Whom the records are owed to; null of own-written ones. */
      credit: z.string().nullable(),
    }),
  ),
  models: z.array(z.object({ sha256: z.string(), name: z.string(), licence: z.string(), runs: z.int() })),
});
export type SystemView = z.infer<typeof systemSchema>;

/** Who may do what here, and what the page must know first. */
export const sessionSchema = z.object({
  version: z.string(),
  /** Whether reading needs the token: every address but loopback. */
  needsToken: z.boolean(),
  /** Whether this request's token allows to write. */
  mayWrite: z.boolean(),
  canAsk: z.boolean(),
  notice: z.string(),
});
export type Session = z.infer<typeof sessionSchema>;

/** Sent when runs have changed: what was read of them is old. */
export const changeEventSchema = z.object({
  runs: z.array(z.object({ id: z.string(), revision: z.number() })),
});
export type ChangeEvent = z.infer<typeof changeEventSchema>;
