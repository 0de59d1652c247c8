import type { Alarm } from "@litmus/api";
import type { RunStatus } from "@litmus/core";
import { collapseSigns, type CollapseLimits, type CollapseSign, type StepSummary } from "@litmus/experiment";

/** What to look at, by sign. */
const advice: Readonly<Record<string, string>> = {
  "no-searches": "read some of its latest trajectories: does it answer from memory?",
  "invalid-actions": "read some of its latest trajectories, and compare them with those of the first steps",
  "entropy-gone": "look at the learning rate, and at whether the reward still rises",
  "no-variance": "look at the reward: the problems are too easy, too hard, or all answers are the same",
  "length-drift": "read the longest and the shortest of its latest trajectories",
};

interface Window {
  readonly stage: string;
  /** Of the stage, in their order. */
  readonly steps: readonly StepSummary[];
  readonly limits: CollapseLimits;
  readonly status: RunStatus;
}

/** Signs of collapse that the latest steps of a stage show, by the table that stops a run. */
export function collapseAlarms({ stage, steps, limits, status }: Window): Alarm[] {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return [];
  return collapseSigns.flatMap((sign): Alarm[] => {
    const shown = streak(sign, { steps, first, limits });
    if (shown === 0) return [];
    // The step that completes the window is refused, and so is never stored.
    const isStopped = status === "failed" && shown === limits.window - 1;
    return [
      {
        severity: shown >= limits.window || isStopped ? "critical" : shown === 1 ? "note" : "warning",
        name: sign.alarm,
        message: sentence(sign, { stage, shown, since: steps.at(-shown)?.step ?? last.step, limits }),
        stage,
        step: last.step,
      },
    ];
  });
}

interface Steps {
  readonly steps: readonly StepSummary[];
  readonly first: StepSummary;
  readonly limits: CollapseLimits;
}

/** Steps at the end that all show a sign. */
function streak({ shows }: CollapseSign, { steps, first, limits }: Steps): number {
  const healthy = steps.findLastIndex((step) => !shows(step, first, limits));
  return steps.length - 1 - healthy;
}

function sentence(
  { alarm, message }: CollapseSign,
  { stage, shown, since, limits }: { stage: string; shown: number; since: number; limits: CollapseLimits },
): string {
  const seen = shown === 1 ? `at ${stage} step ${since}` : `for ${shown} steps, since ${stage} step ${since}`;
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}, ${seen}; after ${limits.window} in a row the run stops.`;
  const look = advice[alarm];
  return look === undefined ? text : `${text} To do: ${look}.`;
}
