import {
  createRng,
  runId,
  type EvaluationRecord,
  type MetricRecord,
  type RolloutKey,
  type RunRecord,
} from "@litmus/core";
import { largePlan } from "./large-plan.ts";
import { metricWriter } from "./metric-writer.ts";
import { seedRecord, type SeedPlan } from "./seed-plan.ts";
import { seedData, type SeedData } from "./seed-problems.ts";
import { seedTrajectory } from "./seed-trajectories.ts";
import type { SeedTools, Seeding } from "./seed-tools.ts";

export interface ManyRuns {
  readonly runs: number;
  /** Of each run. */
  readonly metrics: number;
}

/** Runs with one evaluation each and the last value of many metrics; no trajectories. */
export async function seedManyRuns({ store, tools }: Seeding, { runs, metrics }: ManyRuns): Promise<void> {
  const rows = metricWriter(store);
  const data = seedData("own");
  for (let index = 0; index < runs; index++) {
    const sweep = sweepPlan(index);
    await store.saveRun(sweepRecord(sweep, { tools, index }));
    await store.saveEvaluation(sweepEvaluation(sweep, { tools, data, index }));
    await rows.add(sweepMetrics(sweep, { metrics, index }));
  }
  await rows.end();
}

/** Fifty experiments, each with runs of several seeds and learning rates. */
function sweepPlan(index: number): SeedPlan {
  const experiment = index % 50;
  return {
    ...largePlan,
    id: `sweep-${index + 1}`,
    name: `sweep-${String(experiment + 1).padStart(2, "0")}`,
    seed: Math.floor(index / 50),
    learningRate: 1e-5 * (1 + experiment),
    startedAt: new Date(Date.parse(largePlan.startedAt) + index * 60_000).toISOString(),
    stages: [{ type: "grpo", steps: 100, stepsDone: 100, skill: [0, 1] }],
  };
}

function sweepRecord(sweep: SeedPlan, { tools, index }: { tools: SeedTools; index: number }): RunRecord {
  const statuses = ["finished", "finished", "finished", "failed", "interrupted", "running"] as const;
  return { ...seedRecord(sweep, tools), status: statuses[index % statuses.length] ?? "finished" };
}

interface Scoring {
  readonly tools: SeedTools;
  readonly data: SeedData;
  readonly index: number;
}

function sweepEvaluation(sweep: SeedPlan, { tools, data, index }: Scoring): EvaluationRecord {
  const id = runId(sweep.id);
  const skill = createRng(`skill ${index}`).uniform();
  const greedy = data.test.map((asked, group) => {
    const key: RolloutKey = { runId: id, stage: "grpo", step: 100, purpose: "evaluation", group, member: 0 };
    return seedTrajectory({ plan: sweep, tools, data }, { key, asked, skill, version: 100 });
  });
  const problems = data.test.map(({ problem }) => problem);
  const result = tools.summarize({ problems, greedy, sampled: null, k: 0 });
  return { runId: id, stage: "grpo", step: 100, split: "test", result };
}

function sweepMetrics(sweep: SeedPlan, { metrics, index }: { metrics: number; index: number }): MetricRecord[] {
  const rng = createRng(`metrics ${index}`);
  const known = ["reward", "exactMatch", "meanKl", "entropy", "tokens", "seconds"];
  const names = Array.from({ length: metrics }, (_, i) => known[i] ?? `custom.${String(i + 1).padStart(2, "0")}`);
  return names.map((name) => ({ runId: runId(sweep.id), stage: "grpo", step: 100, name, value: rng.uniform() }));
}
