import { LitmusError } from "@litmus/core";
import type { Clock, Sha256, Tokenizer } from "@litmus/core";
import { z } from "zod";

/** The engines whose answers are understood. */
export const engineNames = ["vllm", "sglang", "llama-server"] as const;
export type EngineName = (typeof engineNames)[number];

/** Which engine samples, and how it is asked: plain JSON, so that it can stand in a config. Holds no secret. */
export interface OpenAiCompatibleOptions {
  readonly engine: EngineName;
  /** `http://host:port`, with the path in front of the engine's own routes if there is one; a trailing `/v1` is dropped. */
  readonly baseUrl: string;
  /** The base model's name as the engine serves it. */
  readonly model: string;
  /** Hash that names the base in every trajectory. No engine tells its weights' hash: it is taken on trust. */
  readonly modelSha256: Sha256;
  /** Tokens that one episode can hold; what the engine offers by default, and never more. */
  readonly contextTokens?: number;
  /** Requests under way at once; 32 by default. Further ones wait, first come, first served. */
  readonly maxConcurrency?: number;
  /** Milliseconds until one try counts as lost; 120,000 by default. Node's fetch gives up at 300,000 by itself. */
  readonly requestTimeoutMs?: number;
  /** Tries after the first, for answers that say "later" and for dropped connections; 5 by default. */
  readonly maxRetries?: number;
  /** Milliseconds of the first pause between tries, doubled each time up to 30,000; 500 by default. */
  readonly firstRetryDelayMs?: number;
  /** The folder of the adapters as this machine names it, and as the engine does; by default the engine names it alike. */
  readonly sharedFolder?: { readonly local: string; readonly engine: string };
  /** So many adapters stay loaded in the engine, the one in use among them; 1 by default. More where other processes sample from earlier ones. */
  readonly keptAdapters?: number;
  /** Hashes of the base an adapter may name; the model's own always counts. */
  readonly acceptedBaseSha256?: readonly string[];
}

/** What cannot stand in a config. */
export interface OpenAiCompatibleParts {
  /** Of the model that the engine serves: compared with the engine's own before the first action. */
  readonly tokenizer: Tokenizer;
  /** Sent as a bearer token, and left out of every message; null, the default, sends none. */
  readonly apiKey?: string | null;
  /** For the metrics; the system's by default. */
  readonly clock?: Clock;
  /** Pause between tries: resolves early when the signal is aborted. Node's timers by default. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1), for the jitter of pauses alone; Math.random by default. */
  readonly random?: () => number;
}

const count = z.int().positive();
const sha256Text = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in lower-case hexadecimal");

const schema = z.strictObject({
  engine: z.enum(engineNames),
  baseUrl: z.string().transform(plainUrl),
  model: z.string().min(1),
  modelSha256: sha256Text.transform((text) => text as Sha256),
  contextTokens: count.min(16).optional(),
  maxConcurrency: count.max(4096).default(32),
  requestTimeoutMs: count.max(290_000).default(120_000),
  maxRetries: z.int().nonnegative().max(20).default(5),
  firstRetryDelayMs: z.int().nonnegative().max(30_000).default(500),
  sharedFolder: z.strictObject({ local: z.string().min(1), engine: z.string().min(1) }).optional(),
  keptAdapters: count.max(64).default(1),
  acceptedBaseSha256: z.array(z.string()).default([]),
});

/** Options with every default filled in. */
export type ResolvedOpenAiCompatibleOptions = z.infer<typeof schema>;

/** @throws LitmusError `invalid-config` */
export function resolveOpenAiCompatibleOptions(options: OpenAiCompatibleOptions): ResolvedOpenAiCompatibleOptions {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new LitmusError("invalid-config", `the engine's options: ${z.prettifyError(parsed.error)}`);
}

/** The URL without a slash at its end; a key in it would reach every message, so none may be there. */
function plainUrl(text: string, context: z.RefinementCtx): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) return refuse(context, "an http or https URL");
  if (url.username !== "" || url.password !== "") return refuse(context, "a URL without user and password");
  if (url.search !== "" || url.hash !== "") return refuse(context, "a URL without query and fragment");
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "").replace(/\/v1$/, "");
}

function refuse(context: z.RefinementCtx, expected: string): never {
  context.addIssue({ code: "custom", message: `expected ${expected}` });
  return z.NEVER;
}
