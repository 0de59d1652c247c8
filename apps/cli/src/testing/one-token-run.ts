import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { problemId, runId, sha256, systemClock, type Problem, type TokenPolicy, type Trainer } from "@litmus/core";
import {
  neverPaused,
  parseConfig,
  runExperiment,
  type ExperimentConfig,
  type RunContext,
  type RunResult,
} from "@litmus/experiment";
import { createInProcessQueue } from "@litmus/queue";
import { openMemoryStore } from "@litmus/store";
import { createFakeRetriever } from "@litmus/testing";
import { oneTokenAgent, verifyOneToken } from "./one-token-agent.ts";

/** The one-token task: an experiment on one question whose answer is one token. */
export interface OneTokenTask {
  readonly question: string;
  readonly goldenAnswers: readonly string[];
  /** Of the group: one a step. */
  readonly groupSize: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Further settings, as `--set` takes them: above all the engines. */
  readonly overrides: readonly string[];
}

export async function oneTokenConfig(task: OneTokenTask): Promise<ExperimentConfig> {
  const text = await readFile(new URL("../../../../configs/quickstart.yaml", import.meta.url), "utf8");
  const optimizer = `{ learningRate: ${task.learningRate} }`;
  const stage = `{ type: grpo, steps: ${task.steps}, problemsPerStep: 1, groupSize: ${task.groupSize}, optimizer: ${optimizer} }`;
  const overrides = [
    `stages=[${stage}]`,
    "evaluation.questions=1",
    "evaluation.sampled.k=64",
    "evaluation.sampled.base=true",
    ...task.overrides,
  ];
  return parseConfig(text, { path: "configs/quickstart.yaml", overrides }).config;
}

/** What a run of the task is made with. */
export interface OneTokenParts {
  /** Of the run; adapters lie in a folder of this name. */
  readonly name: string;
  readonly directory: string;
  readonly policy: TokenPolicy;
  readonly trainer: () => Promise<Trainer>;
}

/** Runs the task through sampler, store, trainer, adapter and reload. */
export async function runOneToken(
  task: OneTokenTask,
  config: ExperimentConfig,
  { name, directory, policy, trainer }: OneTokenParts,
): Promise<RunResult> {
  const problem: Problem = {
    id: problemId("one-token"),
    question: task.question,
    goldenAnswers: task.goldenAnswers,
    goldRecordIds: [],
    category: null,
    isParaphrased: null,
  };
  const store = await openMemoryStore();
  try {
    const id = runId(name);
    await store.saveRun({
      id,
      name,
      status: "running",
      configHash: sha256(name),
      config,
      manifest: {},
      createdAt: systemClock.timestamp(),
      finishedAt: null,
    });
    const context: RunContext = {
      runId: id,
      config,
      directory: join(directory, name),
      policy,
      retriever: createFakeRetriever({ records: [] }),
      record: async () => null,
      store,
      queue: createInProcessQueue(),
      worksOnQueue: true,
      unlessPaused: neverPaused,
      trainer,
      importedAdapter: () => Promise.reject(new Error("nothing is imported")),
      agents: { base: oneTokenAgent, trained: oneTokenAgent },
      problems: { train: [problem], validation: [], test: [problem] },
      verify: verifyOneToken,
      clock: systemClock,
      emit: () => {},
      signal: new AbortController().signal,
    };
    return await runExperiment(context);
  } finally {
    await store.close();
  }
}

/** Exact match of the task before and after training, sampled at temperature 1. */
export const sampledScores = ({ evaluations }: RunResult): readonly number[] =>
  evaluations.map(({ result }) => result.sampled?.exactMatch ?? Number.NaN);
