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
    /** For a batch of searches with its retries. */
    timeoutMs: positive.default(10_000),
  }),
  /** A server of `POST /retrieve` that says what it searches: Litmus's own. It gives no records by id. */
  z.strictObject({
    engine: z.literal("retrieve"),
    urlVariable: variable.default("LITMUS_RETRIEVE_URL"),
    tokenVariable: variable.optional(),
    timeoutMs: positive.default(30_000),
  }),
);

const slots = positive.max(64).default(8);
const contextTokens = positive.default(1536);

export const policy = part(
  z.strictObject({
    engine: z.literal("llama-cpp"),
    /** Episodes decoded in lockstep. */
    slots,
    threads: positive.default(2),
    /** `auto` compiles llama.cpp's kernels for the machine's processor where there is a compiler; `prebuilt` never does. */
    kernels: z.enum(["auto", "prebuilt"]).default("auto"),
    contextTokens,
  }),
  z.strictObject({
    engine: z.literal("scripted"),
    slots,
    contextTokens,
    /** Of every action: to try what is killed while episodes are under way. */
    latencyMs: z.int().min(0).default(0),
  }),
);
