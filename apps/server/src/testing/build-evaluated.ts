import { wilsonInterval } from "@litmus/algorithms";
import { policyVersion, runId, sha256, type CheckpointRecord, type RunId, type RunRecord } from "@litmus/core";
import type { EvaluationResult } from "@litmus/evaluation";
import { buildRun } from "@litmus/testing";
import { configValues } from "../config/config-values.ts";
import type { CataloguedRun } from "../reads/run-catalogue.ts";
import type { StoreReader } from "../store-reader.ts";
import { createStoreReads, type LiveReads } from "../views/store-reads.ts";

/** One character a question: 1 right, 0 wrong, - failed. */
export function buildEvaluation(outcomes: string, overrides: Partial<EvaluationResult> = {}): EvaluationResult {
  const greedy = outcomes.split("").map((each) => (each === "-" ? null : each === "1" ? 1 : 0));
  const n = greedy.filter((each) => each !== null).length;
  const right = greedy.filter((each) => each === 1).length;
  return {
    n,
    exactMatch: n === 0 ? null : right / n,
    ci95: wilsonInterval(right, n),
    failed: greedy.length - n,
    sampled: null,
    format: 1,
    searchesPerEpisode: 1,
    goldRecall: 0.5,
    goldQuestions: n,
    answerInObservation: 0.5,
    sampledTokens: 10,
    stopReasons: {},
    failures: {},
    byCategory: {},
    byParaphrase: {},
    medianAnswerWords: 1,
    scorer: "test-1",
    perQuestion: greedy.map((each, i) => ({ problemId: `q${i}` as never, greedy: each, sampled: null })),
    ...overrides,
  };
}

/** A run of its own id, seed and config, whose questions are those of every other. */
export function buildExperiment(id: string, overrides: Partial<RunRecord> = {}, config: object = {}): RunRecord {
  const full = {
    name: id,
    seed: 1,
    model: { name: "gemma-3-270m", licence: "Gemma Terms of Use" },
    corpus: { name: "litmus-mini", idSpace: "own" },
    retriever: { engine: "bm25", preset: "anserini" },
    policy: { engine: "scripted", slots: 8 },
    agent: { basePrompt: "few-shot-v1", trainedPrompt: "short-v1", budgets: { maxTurns: 2 } },
    stages: [{ type: "sft", steps: 10 }],
    ...config,
  };
  return buildRun({
    id: runId(id),
    name: id,
    config: full,
    configHash: sha256(JSON.stringify(full)),
    manifest: { model: sha256("model"), index: sha256("index"), "problems.test": sha256("test"), scorer: "test-1" },
    ...overrides,
  });
}

export interface Scored {
  readonly stage: string;
  readonly step?: number;
  readonly split?: string;
  readonly outcomes: string;
  readonly result?: Partial<EvaluationResult>;
}

/** Runs with what lists over them show, put together row by row. */
export class RunsUnderTest {
  readonly #runs = new Map<RunId, CataloguedRun>();
  readonly #checkpoints: CheckpointRecord[] = [];

  run(run: RunRecord, rows: Partial<Omit<CataloguedRun, "run" | "values">> = {}): void {
    const before = this.#runs.get(run.id) ?? { latest: new Map(), evaluations: [], totals: [] };
    this.#runs.set(run.id, { ...before, ...rows, run, values: configValues(run.config) });
  }

  scored(run: RunRecord, { stage, step = 0, split = "test", outcomes, result }: Scored): void {
    const record = { runId: run.id, stage, step, split, result: buildEvaluation(outcomes, result) };
    this.run(run, { evaluations: [...(this.#runs.get(run.id)?.evaluations ?? []), record] });
  }

  metric(run: RunRecord, name: string, value: number, stage = "sft"): void {
    const latest = new Map(this.#runs.get(run.id)?.latest);
    this.run(run, { latest: latest.set(name, { stage, value }) });
  }

  /** The adapter's hash is that of `run:stage:step`. */
  checkpoint(run: RunRecord, stage: string, step: number, version: number): void {
    const adapterSha256 = sha256(`${run.id}:${stage}:${step}`);
    const files = { adapterPath: "a", adapterSha256, optimizerPath: "o", optimizerSha256: sha256("o") };
    const state = { version: policyVersion(version), ...files, updates: version };
    this.#checkpoints.push({ runId: run.id, stage, step, state, parentSha256: null, createdAt: run.createdAt });
  }

  /** Newest first, those of one time in the order given. */
  reads(): LiveReads {
    const catalogue = [...this.#runs.values()].sort((a, b) => (a.run.createdAt < b.run.createdAt ? 1 : -1));
    const store = {
      checkpoints: async (id: RunId) => this.#checkpoints.filter(({ runId }) => runId === id),
    } as Partial<StoreReader> as StoreReader;
    return { ...createStoreReads({ store }), catalogue: async () => catalogue, remember: (_id, _name, load) => load() };
  }
}
