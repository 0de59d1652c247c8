import type { Alarm } from "@litmus/api";
import type { ExperimentConfig, StepSummary } from "@litmus/experiment";

/** Above this share of clipped tokens an update changes little but its direction: the project's own choice. */
const manyClipped = 0.3;
/** Of a limit: near enough to be told. */
const near = 0.5;
/** Of the latest groups. */
const mostGroups = 0.75;
const latestSteps = 5;

interface StageSteps {
  readonly stage: string;
  readonly steps: readonly StepSummary[];
  readonly limits: Pick<ExperimentConfig["limits"], "failureShare" | "samplerTrainerKl">;
}

type Finding = Omit<Alarm, "stage" | "step">;

/** What the latest steps of a reinforcement stage show besides collapse. */
export function stepAlarms({ stage, steps, limits }: StageSteps): Alarm[] {
  const last = steps.at(-1);
  if (last === undefined) return [];
  const where = `${stage} step ${last.step}`;
  const found = [
    manyFailures(last, where, limits.failureShare),
    farApart(last, where, limits.samplerTrainerKl),
    clipped(last, where),
    littleVariance(steps.slice(-latestSteps)),
  ];
  return found.filter((finding) => finding !== null).map((finding) => ({ ...finding, stage, step: last.step }));
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`;

function manyFailures({ failures, episodes }: StepSummary, where: string, limit: number): Finding | null {
  if (episodes === 0 || failures / episodes <= near * limit) return null;
  return {
    severity: failures / episodes > limit ? "critical" : "warning",
    name: "many-failures",
    message:
      `${failures} of ${episodes} episodes of ${where} failed (${percent(failures / episodes)}); above ${percent(limit)} the run stops. ` +
      "To do: read the examples under Failures.",
  };
}

function farApart({ meanKl, versionsBehind }: StepSummary, where: string, limit: number): Finding | null {
  // Of stale samples the distance is the policy's own way, not a disagreement.
  if (meanKl === null || versionsBehind > 0 || meanKl <= near * limit) return null;
  return {
    severity: meanKl > limit ? "critical" : "warning",
    name: "sampler-trainer-kl",
    message:
      `Sampler and trainer are ${meanKl.toPrecision(2)} nats a token apart at ${where}; above ${limit} the run stops. ` +
      "To do: check that both use the same weights and adapter (model.weights f16).",
  };
}

function clipped({ clipFraction }: StepSummary, where: string): Finding | null {
  if (clipFraction <= manyClipped) return null;
  return {
    severity: "warning",
    name: "many-clipped",
    message: `${percent(clipFraction)} of the tokens were clipped at ${where}. To do: try a smaller learning rate, or fewer updates a step.`,
  };
}

function littleVariance(steps: readonly StepSummary[]): Finding | null {
  const groups = steps.reduce((sum, step) => sum + step.groups, 0);
  const flat = steps.reduce((sum, step) => sum + step.zeroVarianceGroups, 0);
  const grouped = steps.every(({ episodes, groups: made }) => episodes > made);
  const isSolved = steps.every(({ exactMatch }) => exactMatch === 1);
  const last = steps.at(-1);
  // That none varies at the end is a sign of collapse, and told as one.
  if (!grouped || isSolved || last?.zeroVarianceGroups === last?.groups || flat <= mostGroups * groups) return null;
  return {
    severity: "warning",
    name: "little-variance",
    message:
      `In ${flat} of the latest ${groups} groups all rewards are equal, so they taught nothing. ` +
      "To do: choose problems that are neither solved nor hopeless, or a larger group.",
  };
}
