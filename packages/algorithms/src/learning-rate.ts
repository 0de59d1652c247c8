import { LitmusError } from "@litmus/core";

/** Shape of the learning rate after the warm-up. */
export const decays = ["constant", "linear", "cosine"] as const;
export type Decay = (typeof decays)[number];

export interface LearningRateInput {
  readonly base: number;
  /** From 0, below `steps`. */
  readonly step: number;
  /** Steps of the whole run. */
  readonly steps: number;
  /** Steps until `base` is reached; 0 starts at `base`. */
  readonly warmupSteps: number;
  readonly decay: Decay;
}

function remaining(decay: Decay, progress: number): number {
  switch (decay) {
    case "constant":
      return 1;
    case "linear":
      return 1 - progress;
    case "cosine":
      return (1 + Math.cos(Math.PI * progress)) / 2;
    default:
      return decay satisfies never;
  }
}

/**
 * The learning rate of one step: rises by equal parts and is `base` at step `warmupSteps`, then decays towards 0 at `steps`.
 * Every step of the run has a rate above 0.
 * @throws LitmusError `invalid-config` when the warm-up does not end within the run or the step is not one of it
 */
export function learningRateAt({ base, step, steps, warmupSteps, decay }: LearningRateInput): number {
  if (!Number.isInteger(warmupSteps) || warmupSteps < 0 || warmupSteps >= steps) {
    throw new LitmusError("invalid-config", `a warm-up of ${warmupSteps} steps does not end within a run of ${steps}`, {
      hint: "lower warmupSteps below the number of steps",
    });
  }
  if (!Number.isInteger(step) || step < 0 || step >= steps) {
    throw new LitmusError("invalid-input", `step ${step} is not one of the run's ${steps}`);
  }
  if (step < warmupSteps) return (base * (step + 1)) / (warmupSteps + 1);
  return base * remaining(decay, (step - warmupSteps) / (steps - warmupSteps));
}
