import { failureBoundaries, rolloutPurposes } from "../names.ts";
import { z } from "zod";
import { attemptSchema, endingSchema, problemInfoSchema } from "./problem.ts";
import { runHeadSchema } from "./run.ts";

export const hitSchema = z.object({
  recordId: z.string(),
  rank: z.int(),
  score: z.number(),
  title: z.string(),
  year: z.int().nullable(),
  shownText: z.string(),
  /** Whether the text was cut to fit. */
  cut: z.boolean(),
  isGold: z.boolean(),
  isCited: z.boolean(),
  /** Address at PubMed; null of an own-written record. */
  url: z.string().nullable(),
});
export type Hit = z.infer<typeof hitSchema>;

export const turnSchema = z.object({
  index: z.int(),
  /** What the policy wrote before its action's tag; empty where it wrote nothing. */
  thought: z.string(),
  /** The whole action as it was sampled. */
  actionText: z.string(),
  action: z.discriminatedUnion("type", [
    z.object({ type: z.literal("search"), query: z.string() }),
    z.object({ type: z.literal("answer"), answer: z.string(), cited: z.array(z.string()) }),
    z.object({ type: z.literal("malformed"), reason: z.string() }),
  ]),
  sampledTokens: z.int(),
  /** Of the action in the trajectory's tokens, [start, end); null of a chat model. */
  tokens: z.object({ start: z.int(), end: z.int() }).nullable(),
  search: z
    .object({
      query: z.string(),
      durationMs: z.number(),
      failure: z
        .object({ boundary: z.enum(failureBoundaries), code: z.string(), message: z.string(), retryable: z.boolean() })
        .nullable(),
      hits: z.array(hitSchema),
    })
    .nullable(),
});
export type TurnView = z.infer<typeof turnSchema>;

/** Why this reward: what was compared with what, and the rule that decided. */
export const rewardCardSchema = z.object({
  total: z.number(),
  scorer: z.string(),
  components: z.array(z.object({ name: z.string(), score: z.number(), weight: z.number(), detail: z.string() })),
  verdict: z
    .object({
      /** `match`, `empty`, `too-long`, `several-answers`, `no-match`. */
      rule: z.string(),
      /** The rule in words. */
      sentence: z.string(),
      /** The exact span that was scored. */
      scoredSpan: z.string(),
      normalForm: z.string(),
      /** The golden answer that it equals; null where none does. */
      matched: z.string().nullable(),
      golden: z.array(z.object({ text: z.string(), normalForm: z.string() })),
    })
    /** Without an answer, or where this version of the scorer is not the one that scored. */
    .nullable(),
  verdictMissing: z.string().nullable(),
});
export type RewardCard = z.infer<typeof rewardCardSchema>;

export const groupMemberSchema = z.object({ ...attemptSchema.shape, advantage: z.number().nullable() });
export type GroupMember = z.infer<typeof groupMemberSchema>;

export const trajectoryViewSchema = z.object({
  id: z.string(),
  key: z.object({
    runId: z.string(),
    stage: z.string(),
    step: z.int(),
    purpose: z.enum(rolloutPurposes),
    group: z.int(),
    member: z.int(),
  }),
  run: runHeadSchema,
  problem: problemInfoSchema.nullable(),
  idSpace: z.enum(["pubmed", "own"]),
  question: z.string(),
  answer: z.string().nullable(),
  cited: z.array(z.string()),
  ending: endingSchema,
  policy: z.object({
    engine: z.string(),
    modelSha256: z.string(),
    version: z.int(),
    adapterSha256: z.string().nullable(),
  }),
  prompt: z.object({ name: z.string(), sha256: z.string() }),
  indexId: z.string(),
  temperature: z.number(),
  seed: z.number(),
  usage: z.object({
    prefilledTokens: z.number(),
    cachedTokens: z.number(),
    sampledTokens: z.number(),
    searches: z.number(),
  }),
  startedAt: z.string(),
  durationMs: z.number(),
  turns: z.array(turnSchema),
  reward: rewardCardSchema.nullable(),
  /** Of the trajectory: the mean over its trained tokens; null where nothing was learned from it, its step is not done, or it is not known. */
  advantage: z.number().nullable(),
  /** All members of its group, this one included. */
  group: z.array(groupMemberSchema),
  groupMean: z.number().nullable(),
  /** The same question at other checkpoints and in other runs: what may stand beside it. */
  others: z.array(attemptSchema),
  /** Neighbours in the list of its run, stage, step and purpose. */
  previousId: z.string().nullable(),
  nextId: z.string().nullable(),
  tokens: z.object({
    total: z.int(),
    /** Whether the server can spell them: it needs the model's vocabulary. */
    hasText: z.boolean(),
    hasLogProbs: z.boolean(),
    hasAdvantages: z.boolean(),
    hasTrainerLogProbs: z.boolean(),
  }),
});
export type TrajectoryView = z.infer<typeof trajectoryViewSchema>;

export const segmentKinds = ["prompt", "action", "observation"] as const;

/** Tokens [from, to) of a trajectory, as columns of equal length. */
export const tokenPageSchema = z.object({
  from: z.int(),
  to: z.int(),
  total: z.int(),
  ids: z.array(z.int()),
  /** Text of each token; a character split over tokens stands at its last. Null without the model's vocabulary. */
  texts: z.array(z.string()).nullable(),
  /** Those that overlap the page. Only `action` tokens are trained. */
  segments: z.array(z.object({ kind: z.enum(segmentKinds), start: z.int(), end: z.int(), turn: z.int() })),
  /** Natural logarithm of the probability with which it was sampled; null of tokens that nobody sampled. */
  logProbs: z.array(z.number().nullable()),
  /** Advantage that the update gave it. */
  advantages: z.array(z.number().nullable()),
  /** Log-probability of the trainer before its update; minus `logProbs`: the sampler–trainer difference. */
  trainerLogProbs: z.array(z.number().nullable()),
});
export type TokenPage = z.infer<typeof tokenPageSchema>;
