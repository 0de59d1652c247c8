/**
 * @file A record's results.json from what a run stored: scores of every question, steps, hashes of the versions; no text.
 * `node bin/run.mjs node experiments/tools/record-of-run.ts <runs folder> <run> > results.json`
 */
import { join } from "node:path";
import { runId } from "../../packages/core/src/index.ts";
import type { EvaluationResult } from "../../packages/evaluation/src/index.ts";
import { experimentSchema, storedResult } from "../../packages/experiment/src/index.ts";
import { openStore } from "../../packages/store/src/index.ts";

const [directory = "runs", name = ""] = process.argv.slice(2);
const id = runId(name);
const store = await openStore({ directory: join(directory, "store") });
const run = await store.run(id);
if (run === null) throw new Error(`${directory} holds no run ${name}`);
const config = experimentSchema.parse(run.config);
const { gains, steps } = await storedResult({ store, runId: id, config });
// Those of `litmus eval` too.
const evaluations = await store.evaluations(id);
const record = {
  type: "record",
  configHash: run.configHash,
  manifest: run.manifest,
  evaluations: evaluations.map(({ stage, step, split, result }) => ({
    stage,
    step,
    split,
    ...scoresOf(result as EvaluationResult),
  })),
  gains,
  steps,
  versions: (await store.policyVersions(id)).map(({ stage, step, adapter }) => ({
    stage,
    step,
    sha256: adapter?.sha256 ?? null,
  })),
};
await store.close();

function scoresOf({ perQuestion, ...result }: EvaluationResult) {
  return {
    n: result.n,
    exactMatch: result.exactMatch,
    ci95: [result.ci95.low, result.ci95.high],
    goldRecall: result.goldRecall,
    answerInObservation: result.answerInObservation,
    searchesPerEpisode: result.searchesPerEpisode,
    sampled: result.sampled,
    perQuestion: perQuestion.map(({ problemId, greedy, sampled }) =>
      sampled === null ? [problemId, greedy] : [problemId, greedy, sampled],
    ),
  };
}

process.stdout.write(`${JSON.stringify(record, null, 1)}\n`);
