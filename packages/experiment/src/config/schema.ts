import { z } from "zod";
import { policy, queue, retriever, store, trainer } from "./engines.ts";
import { optimizer } from "./optimizer.ts";
import { contradictionsOf, reinforcementStage } from "./reinforcement.ts";

/**
 * @file The experiment file. Strict: an unknown key is refused with its path and the nearest valid key.
 * Numbers without a source are this project's own choice for a policy of 270 M parameters.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 is 64 lower-case hexadecimal digits");
const positive = z.int().min(1);
const share = z.number().min(0).max(1);

const pathSource = z.strictObject({ type: z.literal("path"), path: z.string().min(1) });
const hubSource = z.strictObject({
  type: z.literal("hub"),
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "owner/name"),
  file: z.string().min(1),
  revision: z.string().min(1).default("main"),
});
const packageSource = z.strictObject({
  type: z.literal("package"),
  /** Requirements for pip, in the order of the parts: `name==version`. */
  packages: z.array(z.string().min(1)).min(1),
  /** Regular expression of the parts' file names; they are joined in the order of their names. */
  partPattern: z.string().min(1).default("[.]gguf[.]part[0-9]+$"),
  /** Files of the package that must stay beside the model. */
  licenceFiles: z.array(z.string().min(1)).default([]),
});

const model = z.strictObject({
  name: z.string().min(1),
  /** Of the file as published; every source must give exactly this file. Null only for a path of the user's own. */
  sha256: sha256.nullable(),
  sources: z.array(z.discriminatedUnion("type", [pathSource, hubSource, packageSource])).min(1),
  /** `f16` dequantises once into the cache: training needs it, since quantised kernels differ between batch shapes. */
  weights: z.enum(["f16", "as-published"]).default("f16"),
  licence: z.string().min(1),
});

const recordFields = z.strictObject({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  year: z.string().optional(),
});
const problemFields = z.strictObject({
  id: z.string().optional(),
  question: z.string(),
  goldenAnswers: z.string(),
  goldRecordIds: z.string(),
  category: z.string().optional(),
  isParaphrased: z.string().optional(),
});

const corpus = z.strictObject({
  name: z.string().min(1),
  path: z.string().min(1),
  fields: recordFields.default({ id: "id", title: "title", text: "abstract" }),
  /** `pubmed` ids are PMIDs and may be linked; `own` ids never. */
  idSpace: z.enum(["pubmed", "own"]),
});

const paperSearchQaFields = {
  question: "question",
  goldenAnswers: "golden_answers",
  goldRecordIds: "pmid",
  category: "cat_num",
  isParaphrased: "is_paraphrased",
};
const splitFiles = z.strictObject({
  type: z.literal("files"),
  train: z.string(),
  validation: z.string(),
  test: z.string(),
  fields: problemFields.default(paperSearchQaFields),
});
const splitComponents = z.strictObject({
  type: z.literal("connected-components"),
  path: z.string(),
  fields: problemFields,
  shares: z
    .strictObject({ train: share, validation: share, test: share })
    .refine((s) => Math.abs(s.train + s.validation + s.test - 1) < 1e-9, "the shares must sum to 1"),
});

/** PaperSearchQA as published (arXiv 2601.18207): Parquet files of train and test, from a folder or a hub. */
const paperSearchQa = z.strictObject({
  type: z.literal("paper-search-qa"),
  source: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("path"), path: z.string().min(1) }),
    z.strictObject({
      type: z.literal("hub"),
      repository: z
        .string()
        .regex(/^[\w.-]+\/[\w.-]+$/, "owner/name")
        .default("jmhb/PaperSearchQA"),
      /** A commit, so that the same experiment reads the same questions. */
      revision: z.string().min(1),
    }),
  ]),
  files: z
    .strictObject({ train: z.string().min(1), test: z.string().min(1) })
    .default({ train: "data/train-00000-of-00001.parquet", test: "data/test-00000-of-00001.parquet" }),
  /** Rows that the files must have. */
  rows: z.strictObject({ train: positive, test: positive }).default({ train: 54_907, test: 5_000 }),
  /** Share of the training questions that are for validation; questions of one abstract stay together. */
  validationShare: z.number().gt(0).lt(1).default(0.02),
});

const budgets = z.strictObject({
  maxTurns: positive.default(2),
  maxActionTokens: positive.default(48),
  maxObservationTokens: positive.default(240),
  /** After the few-shot prefix. */
  maxEpisodeTokens: positive.default(512),
  topK: positive.max(20).default(3),
});

const agent = z.strictObject({
  /** Prompt of the base policy and prompt of every trained version: names of versioned prompts. */
  basePrompt: z.string().default("few-shot-v1"),
  trainedPrompt: z.string().default("short-v1"),
  budgets: budgets.prefault({}),
  /** Far above the budgets: exceeding it is a failure, never a score. */
  timeoutMs: positive.default(300_000),
});

const reward = z.strictObject({
  exactMatch: z.number().min(0).default(1),
  format: z.number().min(0).default(0.1),
  goldRecord: z.number().min(0).default(0),
  tokenF1: z.number().min(0).default(0),
});

const sftStage = z.strictObject({
  type: z.literal("sft"),
  steps: positive,
  /** Demonstrations a step. */
  batch: positive.default(8),
  optimizer,
  checkpointEvery: positive.default(10),
  /** Share of demonstrations whose first search fails and that search again. */
  twoTurnShare: share.default(0.15),
  /** Whether demonstrations cite a gold record before they answer. */
  citations: z.boolean().default(true),
  /** What demonstrations search first: the question in several wordings, or as it stands. */
  queries: z.enum(["varied", "question"]).default("varied"),
  /** Largest number of training problems to use; all of them when left out. */
  problems: positive.optional(),
});

const importStage = z.strictObject({
  type: z.literal("import"),
  /** An adapter of this base: a GGUF file, or a folder of PEFT. */
  adapter: z.string().min(1),
});

const stage = z.discriminatedUnion("type", [
  sftStage,
  importStage,
  reinforcementStage("grpo"),
  reinforcementStage("dr-grpo"),
  reinforcementStage("rloo"),
  reinforcementStage("reinforce"),
  reinforcementStage("dapo"),
]);

const evaluation = z.strictObject({
  split: z.enum(["validation", "test"]).default("test"),
  /** First questions of the split, in its order; all of them when left out. */
  questions: positive.optional(),
  /** Whether the base policy is evaluated; runs that share one need its score once. */
  base: z.boolean().default(true),
  /** Samples a question at the training temperature. */
  sampled: z
    .strictObject({
      k: positive.default(4),
      /** Whether the base policy is sampled too: few-shot at temperature 1 a small one writes noise, slowly. */
      base: z.boolean().default(true),
    })
    .nullable()
    .prefault({}),
  /** Also evaluate every so many GRPO steps. */
  every: positive.nullable().default(null),
});

const limits = z.strictObject({
  /** Share of failed episodes in a step above which the run stops. */
  failureShare: share.default(0.2),
  /** Mean sampler–trainer KL, nats a policy token, above which the run stops. */
  samplerTrainerKl: z.number().positive().default(0.015),
  /** Signs that all of the last `window` steps show stop the run; null = none is looked for. */
  collapse: z
    .strictObject({
      window: z.int().min(2).default(5),
      /** Searches an episode. */
      searches: z.number().positive().default(0.1),
      /** Share of actions that can be parsed. */
      validActions: share.default(0.5),
      /** Nats a policy token. */
      entropy: z.number().min(0).default(0.01),
      /** Tokens an episode against the stage's first step, either way. */
      lengthRatio: z.number().gt(1).default(4),
    })
    .nullable()
    .prefault({}),
});

export const experimentSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "lower-case letters, digits and dashes, at most 60")
      // Where asked questions are kept, and the folder of all records.
      .refine(
        (name) => !["ask", "store", "archive"].includes(name),
        "this name is taken: by the runs folder or the command line",
      ),
    seed: z.int().min(0),
    model,
    corpus,
    problems: z.discriminatedUnion("type", [splitFiles, splitComponents, paperSearchQa]),
    store,
    queue,
    retriever,
    agent: agent.prefault({}),
    policy,
    trainer,
    reward: reward.prefault({}),
    stages: z.array(stage).max(8),
    evaluation: evaluation.prefault({}),
    limits: limits.prefault({}),
  })
  .superRefine(refuseContradictions);

export type ExperimentConfig = z.infer<typeof experimentSchema>;
export type SftStageConfig = Extract<ExperimentConfig["stages"][number], { type: "sft" }>;
export type ImportStageConfig = Extract<ExperimentConfig["stages"][number], { type: "import" }>;
export type StageConfig = ExperimentConfig["stages"][number];

export function isReinforcement(config: StageConfig): config is Exclude<StageConfig, { type: "sft" | "import" }> {
  return config.type !== "sft" && config.type !== "import";
}

/** An import is one step. */
export function stepsOf(config: StageConfig): number {
  return config.type === "import" ? 1 : config.steps;
}

type Draft = z.infer<typeof experimentShape>;
const experimentShape = z.object({
  store,
  queue,
  retriever,
  agent,
  policy,
  trainer,
  reward,
  stages: z.array(stage),
  evaluation,
});

function refuseContradictions(config: Draft, context: z.RefinementCtx): void {
  const refuse = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: "custom", path, message });
  };
  for (const [path, why] of unfitEngines(config)) refuse(path, why);
  if (config.queue.engine === "bullmq" && config.store.engine !== "postgres")
    refuse(["queue", "engine"], "workers are other processes: queue.engine bullmq needs store.engine postgres");
  if (config.retriever.engine === "retrieve" && config.stages.some((stage) => stage.type === "sft"))
    refuse(["retriever", "engine"], "a warm start reads gold records by id, which POST /retrieve does not give");
  if (config.reward.exactMatch + config.reward.format === 0) refuse(["reward"], "one of the weights must be above 0");
  const lengths = "lengths" in config.trainer ? config.trainer.lengths : null;
  if (lengths?.some((length, index) => index > 0 && length <= (lengths[index - 1] ?? 0)) === true)
    refuse(["trainer", "lengths"], "the lengths must ascend");
  if (
    config.trainer.engine === "local" &&
    new Set(config.trainer.lora.targets).size < config.trainer.lora.targets.length
  )
    refuse(["trainer", "lora", "targets"], "a target is named twice");
  if (config.agent.budgets.maxObservationTokens >= config.agent.budgets.maxEpisodeTokens)
    refuse(["agent", "budgets", "maxObservationTokens"], "an observation must be shorter than the episode");
  if (config.agent.budgets.maxEpisodeTokens > config.policy.contextTokens)
    refuse(["policy", "contextTokens"], "the context must hold agent.budgets.maxEpisodeTokens");
  if (lengths !== null && config.agent.budgets.maxEpisodeTokens > Math.max(...lengths))
    refuse(["trainer", "lengths"], "the longest length must hold agent.budgets.maxEpisodeTokens");
  if (config.stages.length === 0 && !config.evaluation.base)
    refuse(["evaluation", "base"], "without stages and without the base policy nothing is left to do");
  config.stages.forEach((stage, index) => {
    if (stage.type === "import") return;
    if (stage.optimizer.warmupSteps >= stage.steps)
      refuse(["stages", index, "optimizer", "warmupSteps"], "the warm-up must be shorter than the stage");
    if (!isReinforcement(stage)) return;
    if (stage.staleness > 0 && config.queue.engine === "in-process")
      refuse(
        ["stages", index, "staleness"],
        "one process samples or trains: staleness above 0 needs queue.engine bullmq",
      );
    for (const [key, why] of contradictionsOf(stage)) refuse(["stages", index, key], why);
  });
}

/** Sampler and trainer that cannot work on one policy, as [key, why]. */
function* unfitEngines({ policy, trainer, stages }: Draft): Generator<[path: string[], why: string]> {
  if ((policy.engine === "scripted") !== (trainer.engine === "scripted"))
    yield [["trainer", "engine"], "policy.engine and trainer.engine must both be scripted, or neither"];
  if (policy.engine === "tinker" && trainer.engine !== "tinker")
    yield [["policy", "engine"], "tinker samples from what the same server trains: trainer.engine must be tinker too"];
  if (policy.engine !== "tinker" && trainer.engine === "tinker" && stages.length > 0)
    yield [["policy", "engine"], "what a Tinker server trains stays there: policy.engine must be tinker too"];
  if (policy.engine === "openai-compatible" && policy.server === "llama-server" && stages.length > 0)
    yield [
      ["policy", "server"],
      "a llama-server takes no new adapter while it runs: it can evaluate (stages: []); to train, policy.engine: llama-server starts one anew for every version",
    ];
  const entropy = stages.findIndex((stage) => isReinforcement(stage) && stage.entropyBonus !== 0);
  if (trainer.engine === "tinker" && entropy >= 0)
    yield [["stages", String(entropy), "entropyBonus"], "a Tinker server cannot train with an entropy bonus"];
}
