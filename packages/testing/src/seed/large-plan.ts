import type { SeedPlan } from "./seed-plan.ts";

/** What the runs of the large store have in common. */
export const largePlan: Omit<SeedPlan, "id" | "name" | "stages"> = {
  seed: 1,
  status: "finished",
  startedAt: "2026-05-01T08:00:00.000Z",
  idSpace: "own",
  basePrompt: "few-shot-v1",
  learningRate: 1e-4,
  baseSkill: 0.1,
  failureShare: 0,
  samples: 0,
};
