import { z } from "zod";
import { turnSchema } from "./trajectory.ts";
import { stoppedSchema } from "./problem.ts";

export const notice = "For research only. Never for clinical advice.";

export const askOptionsSchema = z.object({
  /** Whom a question can be put to, the best first; empty where no policy is loaded or can be. */
  policies: z.array(
    z.object({
      /** `run:version`, or `base`. */
      id: z.string(),
      label: z.string(),
      runId: z.string().nullable(),
      version: z.int(),
      /** Null where it was not evaluated. */
      exactMatch: z.number().nullable(),
    }),
  ),
  /** Why nothing can be asked here; null where it can. */
  reason: z.string().nullable(),
  notice: z.string(),
});
export type AskOptions = z.infer<typeof askOptionsSchema>;

const usageSchema = z.object({
  prefilledTokens: z.number(),
  cachedTokens: z.number(),
  sampledTokens: z.number(),
  searches: z.number(),
});

/** What comes while a question is worked on, in order: one server-sent event each, named by its type. */
export const askEventSchema = z.discriminatedUnion("type", [
  /** The policy is being loaded; it takes seconds. */
  z.object({ type: z.literal("policy-load"), label: z.string() }),
  z.object({ type: z.literal("episode-start"), question: z.string() }),
  z.object({ type: z.literal("turn-start"), turn: z.int() }),
  z.object({ type: z.literal("action-end"), turn: z.int(), text: z.string() }),
  z.object({ type: z.literal("search-start"), turn: z.int(), query: z.string() }),
  z.object({ type: z.literal("turn-end"), turn: turnSchema }),
  /** The answer, or that there is none; an episode that failed ends with an error. */
  z.object({
    type: z.literal("episode-end"),
    answer: z.string().nullable(),
    citations: z.array(
      z.object({
        recordId: z.string(),
        title: z.string(),
        /** `cited`: the policy cited it and had retrieved it. `matched`: the text that it was shown holds the answer. */
        kind: z.enum(["cited", "matched"]),
        url: z.string().nullable(),
        year: z.int().nullable(),
      }),
    ),
    ending: stoppedSchema,
    trajectoryId: z.string(),
    usage: usageSchema,
    durationMs: z.number(),
  }),
  z.object({ type: z.literal("error"), code: z.string(), message: z.string(), hint: z.string().optional() }),
]);
export type AskEvent = z.infer<typeof askEventSchema>;

export const askRequestSchema = z.strictObject({
  question: z.string().trim().min(1).max(2000),
  /** Of {@link askOptionsSchema}; the first where none is named. */
  policy: z.string().max(200).optional(),
});
export type AskRequest = z.infer<typeof askRequestSchema>;
