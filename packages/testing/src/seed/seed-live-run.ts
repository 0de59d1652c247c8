import { runId, type TrajectoryStore } from "@litmus/core";
import { largePlan } from "./large-plan.ts";
import { seedRecord, type SeedPlan } from "./seed-plan.ts";
import { stepCommit } from "./seed-step.ts";
import type { Seeding } from "./seed-tools.ts";

/** A run that grows while somebody looks at it. */
export const liveRun = runId("live");

const plan: SeedPlan = {
  ...largePlan,
  id: liveRun,
  name: "live",
  status: "running",
  stages: [{ type: "grpo", steps: 1000, stepsDone: 1, skill: [0, 1] }],
};

/** Registers the run, with its first step done. */
export async function seedLiveRun({ store, tools }: Seeding): Promise<void> {
  await store.saveRun(seedRecord(plan, tools));
  await commitLiveStep(store, 1);
}

/** @param step from 2, each once */
export async function commitLiveStep(store: TrajectoryStore, step: number): Promise<void> {
  const metrics = { reward: step / 1000, exactMatch: step / 2000, seconds: 20, tokens: 1000 };
  await store.commitStep(
    stepCommit(plan, { runId: liveRun, stage: "grpo", step, version: step }, { metrics, trained: [] }),
  );
}
