import type { Interval } from "@litmus/algorithms";
import type { StageEvaluation } from "@litmus/evaluation";
import type { RunEvent } from "@litmus/experiment";

const percent = (value: number | null): string => (value === null ? "unknown" : `${(100 * value).toFixed(1)} %`);
const interval = ({ low, high }: Interval): string => `${percent(low)} to ${percent(high)}`;

/** One line for people about one event; null for events that only move a progress bar. */
export function lineOf(event: RunEvent): string | null {
  switch (event.type) {
    case "run-start":
      return `run ${event.runId} ${event.resumed ? "goes on" : "starts"} in ${event.directory}\nthe page: ${event.address}`;
    case "stage-start":
      return `stage ${event.stage}: ${event.steps} steps${event.done > 0 ? `, ${event.done} of them done` : ""}`;
    case "rollouts-progress":
      return null;
    case "episode-failed":
      return `episode failed in ${event.stage} step ${event.step}: ${event.failure.boundary}/${event.failure.code}: ${event.failure.message}`;
    case "sft-step":
      return `sft step ${event.step}: loss ${event.loss.toFixed(3)}, ${event.seconds.toFixed(1)} s`;
    case "step-end":
      return stepLine(event);
    case "checkpoint-saved":
      return null;
    case "evaluation-end":
      return evaluationLine(event);
    case "control-changed":
      return controlLines[event.state];
    case "alarm-raised":
      return `alarm ${event.alarm}: ${event.message}`;
    default:
      return event satisfies never;
  }
}

const controlLines = {
  running: "the run goes on",
  pausing: "pausing: groups and updates under way end first",
  paused: "the run is paused; resume it on the page",
  stopping: null,
} as const;

function stepLine(event: Extract<RunEvent, { type: "step-end" }>): string {
  const kl = event.meanKl === null ? "" : `, KL ${event.meanKl.toExponential(1)}`;
  const failures = event.failures === 0 ? "" : `, ${event.failures} failed`;
  return (
    `${event.stage} step ${event.step}: reward ${event.reward.toFixed(3)}, exact match ${percent(event.exactMatch)}, ` +
    `${event.searchesPerEpisode.toFixed(1)} searches and ${event.tokensPerEpisode.toFixed(0)} tokens an episode${kl}, ` +
    `${event.zeroVarianceGroups} groups without variance${failures}, ${event.seconds.toFixed(0)} s`
  );
}

/** `base: exact match 12.5 % (6.5 % to 22.8 %) of 64`, with the sampled score where there is one. */
export function evaluationLine({ stage, step, split, result }: StageEvaluation): string {
  const sampled =
    result.sampled === null
      ? ""
      : `; sampled ${percent(result.sampled.exactMatch)} (${interval(result.sampled.ci95)}), k = ${result.sampled.k}`;
  const failed = result.failed === 0 ? "" : `; ${result.failed} failed and are not counted`;
  return `${stage} at step ${step} on ${split}: exact match ${percent(result.exactMatch)} (${interval(result.ci95)}) of ${result.n}${sampled}${failed}`;
}
