import { chatProtocols } from "@litmus/agent";
import { z } from "zod";

/** @file Parts that can be swapped: each names its engine and has the settings of that engine alone. */

const positive = z.int().min(1);

/** An environment variable's name: addresses and keys are secrets, and differ between machines; the file holds neither. */
const variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, "the name of an environment variable, not its value");

type EngineSchema = z.ZodObject<{ engine: z.ZodLiteral<string> }>;

/** A part whose engine is the first one where none is named. */
function part<const T extends readonly [EngineSchema, ...EngineSchema[]]>(...engines: T) {
  const first = engines[0].shape.engine.value;
  const isUnnamed = (value: unknown): boolean => typeof value === "object" && value !== null && !("engine" in value);
  return z
    .preprocess(
      (value) => (isUnnamed(value) ? { engine: first, ...(value as object) } : value),
      z.discriminatedUnion("engine", engines),
    )
    .prefault({} as never);
}

export const store = part(
  /** In the runs folder. */
  z.strictObject({ engine: z.literal("pglite") }),
  z.strictObject({
    engine: z.literal("postgres"),
    /** `postgres://user:password@host:5432/database` */
    urlVariable: variable.default("LITMUS_POSTGRES_URL"),
    /** Connections of each process. */
    connections: positive.max(100).default(10),
    /** How long a call is tried again while the server is away. */
    retryMs: positive.default(120_000),
  }),
);

export const queue = part(
  /** Groups are made by the process that trains. */
  z.strictObject({ engine: z.literal("in-process") }),
  /** Groups are made by `litmus worker`, any number of them on any machine. */
  z.strictObject({
    engine: z.literal("bullmq"),
    /** `redis://user:password@host:6379/0` */
    urlVariable: variable.default("LITMUS_REDIS_URL"),
    /** A group is given up after so many failed attempts. */
    attempts: positive.default(3),
    /** A worker that is silent for so long has lost its groups. */
    lockMs: positive.default(30_000),
    /** How long Redis may be away. */
    outageMs: positive.default(120_000),
  }),
);

const credentials = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("api-key"), keyVariable: variable }),
  z.strictObject({ type: z.literal("basic"), username: z.string().min(1), passwordVariable: variable }),
]);

export const retriever = part(
  /** Litmus's own index on disk, built from the corpus file. */
  z.strictObject({ engine: z.literal("bm25"), preset: z.enum(["anserini", "elasticsearch"]).default("anserini") }),
  /** An index that `litmus index build --to elasticsearch` made of the corpus. */
  z.strictObject({
    engine: z.literal("elasticsearch"),
    /** Elasticsearch 8 and 9, or OpenSearch 2 and 3. */
    flavor: z.enum(["elasticsearch", "opensearch"]).default("elasticsearch"),
    /** `https://host:9200`, without credentials */
    urlVariable: variable.default("LITMUS_ELASTICSEARCH_URL"),
    /** Alias or index. */
    index: z.string().min(1),
    credentials: credentials.default({ type: "none" }),
    /** PEM file of certificates to trust, relative to the experiment file. */
    certificates: z.string().min(1).optional(),
    /** For a batch of searches with its retries: how long the server may be away. */
    timeoutMs: positive.default(60_000),
  }),
  /** A server of `POST /retrieve` that says what it searches: Litmus's own. It gives no records by id. */
  z.strictObject({
    engine: z.literal("retrieve"),
    urlVariable: variable.default("LITMUS_RETRIEVE_URL"),
    tokenVariable: variable.optional(),
    timeoutMs: positive.default(60_000),
  }),
);

const contextTokens = positive.default(1536);
/** Episodes under way at once, in each process that samples. */
const episodes = positive.max(64).default(8);

export const policy = part(
  z.strictObject({
    engine: z.literal("llama-cpp"),
    /** Decoded in lockstep. */
    slots: episodes,
    threads: positive.default(2),
    /** `auto` compiles llama.cpp's kernels for the machine's processor where there is a compiler; `prebuilt` never does. */
    kernels: z.enum(["auto", "prebuilt"]).default("auto"),
    contextTokens,
  }),
  z.strictObject({
    engine: z.literal("scripted"),
    slots: episodes,
    contextTokens,
    /** Of every action: to try what is killed while episodes are under way. */
    latencyMs: z.int().min(0).default(0),
  }),
  /** A `llama-server` that Litmus starts on this machine, and anew with every version's adapter. */
  z.strictObject({
    engine: z.literal("llama-server"),
    /** The program: a path, or a name on the PATH. */
    programVariable: variable.default("LITMUS_LLAMA_SERVER"),
    slots: episodes,
    threads: positive.default(2),
    /** Layers of the model on a GPU, where the program is built for one. */
    gpuLayers: z.int().min(0).default(0),
    contextTokens,
  }),
  /** A server that takes ids and gives ids with log-probabilities: it is probed before the first episode. */
  z.strictObject({
    engine: z.literal("openai-compatible"),
    server: z.enum(["vllm", "sglang", "llama-server"]),
    /** `http://host:8000` */
    urlVariable: variable.default("LITMUS_SAMPLER_URL"),
    keyVariable: variable.optional(),
    /** The base model's name as the server serves it. */
    servedModel: z.string().min(1),
    slots: positive.max(1024).default(64),
    contextTokens,
    /** A folder above the runs as this machine and as the server name it, where they name it differently. */
    sharedFolder: z.strictObject({ local: z.string().min(1), engine: z.string().min(1) }).optional(),
  }),
  /** The server that trains samples too: its address is the trainer's. */
  z.strictObject({ engine: z.literal("tinker"), slots: positive.max(1024).default(64), contextTokens }),
  /** A LangChain chat model of the user's own: it is asked and evaluated, never trained. */
  z.strictObject({
    engine: z.literal("chat"),
    /** A file, relative to the experiment file, or a package that can be resolved from there. */
    module: z.string().min(1),
    /** Name of the export that is the model, or a function that returns it for { temperature, maxTokens }. */
    export: z.string().min(1).default("default"),
    protocol: z.enum(chatProtocols).default("tools"),
    /** Episodes under way at once, and so calls. */
    slots: positive.max(1024).default(8),
    contextTokens: positive.default(32_768),
  }),
);

const rank = positive.default(16);

export const trainer = part(
  z.strictObject({
    engine: z.literal("local"),
    threads: positive.default(2),
    lora: z
      .strictObject({
        rank,
        alpha: z.number().positive().default(32),
        targets: z
          .array(z.enum(["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]))
          .min(1)
          .default(["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]),
      })
      .prefault({}),
    /** Row lengths that sequences are packed into; at most three, each compiled once. */
    lengths: z.array(positive).min(1).max(3).default([512]),
  }),
  z.strictObject({ engine: z.literal("scripted"), lengths: z.array(positive).min(1).max(3).default([512]) }),
  /** Of an experiment that only evaluates. */
  z.strictObject({ engine: z.literal("none") }),
  /** A server of the open Tinker API. */
  z.strictObject({
    engine: z.literal("tinker"),
    server: z.enum(["skyrl", "skyrl-megatron", "hosted"]),
    /** `http://host:8000`, without `/api/v1` */
    urlVariable: variable.default("LITMUS_TINKER_URL"),
    keyVariable: variable.optional(),
    /** The base model by the server's own name. */
    baseModel: z.string().min(1),
    lora: z.strictObject({ rank }).prefault({}),
    /** What a server that does not clip gradients is to do with the bound of their norm. */
    unclippedNorm: z.enum(["refuse", "stop-above"]).default("refuse"),
  }),
);
