import { failureBoundaries } from "@litmus/core";
import type { Failure, Outcome, SampleRequest, ScoreRequest } from "@litmus/core";
import { z } from "zod";

/** @file What crosses between the caller's process and the model's. Either side reads the other's through a schema. */

const tokens = z.array(z.int().nonnegative()).readonly();

const modelSettings = z.object({
  modelPath: z.string(),
  contextTokens: z.int().positive(),
  slots: z.int().positive(),
  keptPrefixes: z.int().nonnegative(),
  threads: z.int().positive(),
  kernels: z.string().nullable(),
  batchTokens: z.int().positive(),
  adapterPath: z.string().nullable(),
});

/** How the model's process loads the model. */
export type ModelSettings = z.infer<typeof modelSettings>;

/** The shape of a request; what it says is checked against the model by the caller's side. */
export const sampleRequestSchema = z.object({
  episodeId: z.string(),
  tokens: tokens.refine((list) => list.length > 0, "no token"),
  sharedPrefixLength: z.int().nonnegative(),
  maxTokens: z.int().positive(),
  temperature: z.number().nonnegative(),
  seed: z.int().nonnegative().max(0xffffffff),
  stopTexts: z.array(z.string().min(1)).readonly(),
}) satisfies z.ZodType<SampleRequest>;

export const scoreRequestSchema = z.object({ tokens, positions: tokens }) satisfies z.ZodType<ScoreRequest>;

const id = z.int();

/** To the model's process. */
export const modelRequestSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("load"), id, settings: modelSettings }),
  z.object({ type: z.literal("sample"), id, request: sampleRequestSchema }),
  z.object({ type: z.literal("score"), id, requests: z.array(scoreRequestSchema).readonly() }),
  z.object({ type: z.literal("abort"), id }),
  z.object({ type: z.literal("release"), episodeId: z.string() }),
  z.object({ type: z.literal("use-adapter"), id, adapterPath: z.string().nullable() }),
]);
export type ModelRequest = z.infer<typeof modelRequestSchema>;

const countersSchema = z.object({
  ticks: z.int(),
  busySlots: z.int(),
  sampledTokens: z.int(),
  prefilledTokens: z.int(),
});

/** Running totals of the model's process. */
export type ModelCounters = z.infer<typeof countersSchema>;

const failure = z.object({
  boundary: z.enum(failureBoundaries),
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
}) satisfies z.ZodType<Failure>;

function outcomeOf<T extends z.ZodType>(value: T): z.ZodType<Outcome<z.infer<T>>> {
  return z.discriminatedUnion("ok", [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), failure }),
  ]) as unknown as z.ZodType<Outcome<z.infer<T>>>;
}

const logProbs = z.array(z.number()).readonly();

const actionSchema = z.object({
  tokens,
  logProbs,
  stop: z.discriminatedUnion("type", [
    z.object({ type: z.literal("stop-text"), text: z.string() }),
    z.object({ type: z.literal("end-token"), token: z.int() }),
    z.object({ type: z.literal("max-tokens") }),
    z.object({ type: z.literal("context-full") }),
  ]),
  usage: z.object({ prefilledTokens: z.int(), cachedTokens: z.int(), sampledTokens: z.int() }),
});

/** Loading and swapping fail with a message. */
const done = z.object({ error: z.string().nullable() });

/** From the model's process. */
export const modelReplySchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("done"), id, result: done }),
  z.object({ type: z.literal("sampled"), id, outcome: outcomeOf(actionSchema), counters: countersSchema }),
  z.object({
    type: z.literal("scored"),
    id,
    outcome: outcomeOf(z.array(logProbs).readonly()),
    counters: countersSchema,
  }),
]);
export type ModelReply = z.infer<typeof modelReplySchema>;
