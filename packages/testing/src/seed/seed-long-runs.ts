import { createRng, runId, type MetricRecord, type Rng } from "@litmus/core";
import { largePlan } from "./large-plan.ts";
import { metricWriter } from "./metric-writer.ts";
import { seedRecord, type SeedPlan } from "./seed-plan.ts";
import type { Seeding } from "./seed-tools.ts";

export interface LongRuns {
  readonly runs: number;
  readonly steps: number;
}

/** Ids of the runs that {@link seedLongRuns} makes. */
export const longRunId = (index: number): string => `long-${index + 1}`;

/** Runs whose curves have many points: reward, exact match, and what the axes of time and tokens need. */
export async function seedLongRuns({ store, tools }: Seeding, { runs, steps }: LongRuns): Promise<void> {
  const rows = metricWriter(store);
  for (let index = 0; index < runs; index++) {
    const long: SeedPlan = {
      ...largePlan,
      id: longRunId(index),
      name: "long",
      seed: index,
      stages: [{ type: "grpo", steps, stepsDone: steps, skill: [0, 1] }],
    };
    await store.saveRun(seedRecord(long, tools));
    const rng = createRng(`long ${index}`);
    for (let step = 1; step <= steps; step++) await rows.add(longMetrics(long, step, { progress: step / steps, rng }));
  }
  await rows.end();
}

function longMetrics(long: SeedPlan, step: number, { progress, rng }: { progress: number; rng: Rng }): MetricRecord[] {
  const learned = 0.1 + 0.8 * progress ** 0.5;
  const values = {
    reward: learned + 0.15 * rng.normal(),
    exactMatch: Math.min(1, Math.max(0, learned + 0.1 * rng.normal())),
    seconds: 18 + 4 * rng.uniform(),
    tokens: 900 + rng.integer(300),
  };
  return Object.entries(values).map(([name, value]) => ({ runId: runId(long.id), stage: "grpo", step, name, value }));
}
