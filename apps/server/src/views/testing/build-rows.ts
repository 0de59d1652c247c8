import { policyVersion, runId, sha256, type RunId } from "@litmus/core";
import type { CheckpointRecord, EvaluationRecord, MetricRecord, RunRecord } from "@litmus/core";
import type { EvaluationResult, QuestionScore } from "@litmus/evaluation";
import { parseConfig, type ExperimentConfig } from "@litmus/experiment";
import { wilsonInterval } from "@litmus/algorithms";
import { buildRun } from "@litmus/testing";

/** Four supervised steps, then three of reinforcement. */
const experiment = `
name: tiny
seed: 1
model: { name: none, licence: none, sha256: null, sources: [{ type: path, path: none.gguf }] }
corpus: { name: tiny, path: none.jsonl, idSpace: pubmed }
problems: { type: files, train: none, validation: none, test: none }
policy: { engine: scripted }
trainer: { engine: scripted }
stages:
  - { type: sft, steps: 4, batch: 2, checkpointEvery: 2, optimizer: { learningRate: 1.0e-4 } }
  - { type: grpo, steps: 3, problemsPerStep: 2, groupSize: 4, optimizer: { learningRate: 1.0e-4 } }
`;

export const configOf = (overrides: readonly string[] = []): ExperimentConfig =>
  parseConfig(experiment, { path: "tiny.yaml", overrides }).config;

/** A running run of that experiment. */
export function runOf(
  id: string,
  { set = [], ...overrides }: Partial<RunRecord> & { set?: readonly string[] } = {},
): RunRecord {
  const config = configOf(set);
  return buildRun({
    id: runId(id),
    name: config.name,
    config,
    configHash: sha256(JSON.stringify(config)),
    ...overrides,
  });
}

/** One row a name of one step. */
export function metricsAt(
  run: RunId,
  place: { stage: string; step: number },
  values: Readonly<Record<string, number>>,
): MetricRecord[] {
  return Object.entries(values).map(([name, value]) => ({ runId: run, ...place, name, value }));
}

export function checkpointOf(run: RunId, place: { stage: string; step: number }, version: number): CheckpointRecord {
  return {
    runId: run,
    ...place,
    state: {
      version: policyVersion(version),
      adapterPath: `adapters/${version}.gguf`,
      adapterSha256: sha256(`adapter ${version}`),
      optimizerPath: `adapters/${version}.state`,
      optimizerSha256: sha256(`optimizer ${version}`),
      updates: version,
    },
    parentSha256: version === 1 ? null : sha256(`adapter ${version - 1}`),
    createdAt: `2026-01-01T00:0${version}:00.000Z`,
  };
}

/** An evaluation of questions p0, p1, … by whether each was answered rightly; null where it failed. */
export function evaluationOf(
  run: RunId,
  place: { stage: string; step: number },
  greedy: readonly (0 | 1 | null)[],
  overrides: Partial<EvaluationResult> = {},
): EvaluationRecord {
  const scored = greedy.filter((score) => score !== null);
  const right = scored.filter((score) => score === 1).length;
  const perQuestion = greedy.map((score, index): QuestionScore => ({
    problemId: `p${index}` as QuestionScore["problemId"],
    greedy: score,
    sampled: null,
  }));
  const result: EvaluationResult = {
    n: scored.length,
    exactMatch: scored.length === 0 ? null : right / scored.length,
    ci95: wilsonInterval(right, scored.length),
    failed: greedy.length - scored.length,
    sampled: null,
    format: 1,
    searchesPerEpisode: 1.5,
    goldRecall: 0.5,
    goldQuestions: scored.length,
    answerInObservation: 0.5,
    sampledTokens: 30,
    stopReasons: { completed: scored.length },
    failures: {},
    byCategory: {},
    byParaphrase: {},
    medianAnswerWords: 1,
    scorer: "test-1",
    perQuestion,
    ...overrides,
  };
  return { runId: run, ...place, split: "test", result };
}
