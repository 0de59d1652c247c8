import type { ExperimentConfig } from "../config/schema.ts";
import type { StepSummary } from "./run-event.ts";

export type CollapseLimits = NonNullable<ExperimentConfig["limits"]["collapse"]>;

export interface CollapseSign {
  /** Kebab-case, stable. */
  readonly alarm: string;
  /** Whether one step shows it; `first` is the stage's first step. */
  readonly shows: (step: StepSummary, first: StepSummary, limits: CollapseLimits) => boolean;
  readonly message: string;
}

/** What published runs of search agents fell into; `limits.collapse` in `docs/experiment-file.md`. */
export const collapseSigns: readonly CollapseSign[] = [
  {
    alarm: "no-searches",
    shows: (step, first, { searches }) => step.searchesPerEpisode < searches && first.searchesPerEpisode >= searches,
    message: "the policy has stopped searching",
  },
  {
    alarm: "invalid-actions",
    shows: (step, _first, { validActions }) => step.validActions < validActions,
    message: "most actions cannot be parsed",
  },
  {
    alarm: "entropy-gone",
    shows: (step, _first, { entropy }) => step.entropy !== null && step.entropy < entropy,
    message: "the policy has no entropy left",
  },
  {
    alarm: "no-variance",
    // Where all answers are right there is nothing left to learn; groups of one never vary.
    shows: ({ groups, episodes, zeroVarianceGroups, droppedGroups, exactMatch }) =>
      episodes > groups && zeroVarianceGroups + droppedGroups === groups && exactMatch < 1,
    message: "no group varies any more",
  },
  {
    alarm: "length-drift",
    shows: ({ tokensPerEpisode }, first, { lengthRatio }) =>
      tokensPerEpisode > first.tokensPerEpisode * lengthRatio ||
      tokensPerEpisode < first.tokensPerEpisode / lengthRatio,
    message: "trajectories have another length than at the beginning",
  },
];
