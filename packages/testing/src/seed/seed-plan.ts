import { canonicalJson, runId, sha256, type RunRecord, type RunStatus, type Sha256 } from "@litmus/core";
import type { IdSpace } from "./seed-problems.ts";
import type { SeedTools } from "./seed-tools.ts";

/** One stage of a seeded run, and how far it has come. */
export interface SeedStage {
  readonly type: "sft" | "grpo";
  readonly steps: number;
  /** Fewer than `steps` in a run that is not finished. */
  readonly stepsDone: number;
  /** Of the policy before and after the whole stage, in [0, 1]. */
  readonly skill: readonly [from: number, to: number];
}

/** A run as it shall stand in the store. */
export interface SeedPlan {
  readonly id: string;
  /** Of the experiment. */
  readonly name: string;
  readonly seed: number;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly idSpace: IdSpace;
  readonly basePrompt: string;
  readonly learningRate: number;
  readonly stages: readonly SeedStage[];
  /** Of the base policy. */
  readonly baseSkill: number;
  /** Share of episodes that fail. */
  readonly failureShare: number;
  /** Samples a question besides the greedy one; 0 = none. */
  readonly samples: number;
}

export const groupsPerStep = 4;
export const groupSize = 4;

/** The run's record: a config that the experiment file's schema takes, and hashes of all that it depends on. */
export function seedRecord(plan: SeedPlan, tools: SeedTools): RunRecord {
  const config = tools.resolveConfig(experimentFile(plan));
  return {
    id: runId(plan.id),
    name: plan.name,
    status: plan.status,
    configHash: sha256(canonicalJson(config)),
    config,
    manifest: {
      model: modelSha256,
      weights: sha256("seeded weights"),
      index: indexSha256(plan.idSpace),
      "problems.train": sha256(`${plan.idSpace} train`),
      "problems.test": sha256(`${plan.idSpace} test`),
      "prompt.base": promptSha256(plan.basePrompt),
      "prompt.trained": promptSha256(trainedPrompt),
      scorer: tools.scorer,
    },
    createdAt: plan.startedAt,
    finishedAt: plan.status === "running" ? null : minutesAfter(plan.startedAt, 14),
  };
}

export const trainedPrompt = "short-v1";
export const modelSha256 = sha256("seeded model");
export const indexSha256 = (idSpace: IdSpace): Sha256 => sha256(`seeded index of ${idSpace} records`);
export const promptSha256 = (name: string): Sha256 => sha256(`seeded prompt ${name}`);

function minutesAfter(timestamp: string, minutes: number): string {
  return new Date(Date.parse(timestamp) + minutes * 60_000).toISOString();
}

function experimentFile(plan: SeedPlan): Record<string, unknown> {
  const optimizer = { learningRate: plan.learningRate };
  const stages = plan.stages.map(({ type, steps }) =>
    type === "sft"
      ? { type, steps, batch: 8, optimizer, checkpointEvery: 5 }
      : { type, steps, problemsPerStep: groupsPerStep, groupSize, optimizer },
  );
  return {
    name: plan.name,
    seed: plan.seed,
    model: {
      name: "tiny-policy",
      sha256: modelSha256,
      licence: "Apache-2.0",
      sources: [{ type: "path", path: "models/tiny-policy.gguf" }],
    },
    corpus: { name: `textbook-${plan.idSpace}`, path: "corpus.jsonl", idSpace: plan.idSpace },
    problems: { type: "files", train: "train.jsonl", validation: "validation.jsonl", test: "test.jsonl" },
    agent: { basePrompt: plan.basePrompt, trainedPrompt, budgets: { maxTurns: 3, topK: 3 } },
    stages,
    evaluation: { split: "test", sampled: plan.samples === 0 ? null : { k: plan.samples } },
  };
}
