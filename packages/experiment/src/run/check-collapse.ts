import { LitmusError } from "@litmus/core";
import type { RunContext } from "./run-context.ts";
import type { StepSummary } from "./run-event.ts";
import { storedSteps } from "./stored-steps.ts";

type CollapseLimits = NonNullable<RunContext["config"]["limits"]["collapse"]>;

interface Sign {
  readonly alarm: string;
  /** Whether one step shows it; `first` is the stage's first step. */
  readonly shows: (step: StepSummary, first: StepSummary, limits: CollapseLimits) => boolean;
  readonly message: string;
}

/** What published runs of search agents fell into: `docs/concepts.md`, Collapse. */
const signs: readonly Sign[] = [
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

/**
 * Stops a run whose last steps all show the same sign of collapse. The step is not committed: the checkpoints before it stay.
 * @throws LitmusError `gate-failed`
 */
export async function checkCollapse(context: RunContext, stage: string, summary: StepSummary): Promise<void> {
  const limits = context.config.limits.collapse;
  if (limits === null) return;
  const earlier = (await storedSteps(context, stage)).filter((step) => step.step < summary.step);
  const window = [...earlier, summary].slice(-limits.window);
  if (window.length < limits.window) return;
  const first = earlier[0] ?? summary;
  const sign = signs.find(({ shows }) => window.every((step) => shows(step, first, limits)));
  if (sign === undefined) return;
  const message = `${stage} step ${summary.step}: ${sign.message}, for ${limits.window} steps`;
  context.emit({ type: "alarm-raised", alarm: sign.alarm, message });
  throw new LitmusError("gate-failed", message, {
    path: "limits.collapse",
    hint: `the checkpoints are kept, also that before step ${window[0]?.step}; start another run with other settings`,
  });
}
