import type { Alarm, RunEvaluation, RunView } from "@litmus/api";
import type { MetricCurve } from "@litmus/core";
import { nameStages, stepSummaries } from "@litmus/experiment";
import { isSampling, type RunShape } from "../run-shape.ts";
import { collapseAlarms } from "./collapse-alarms.ts";
import type { StageProgress } from "./run-progress.ts";
import { sum, type RunRows } from "./run-rows.ts";
import { stepAlarms } from "./step-alarms.ts";

interface Seen {
  readonly rows: RunRows;
  readonly stages: readonly StageProgress[];
  readonly evaluations: readonly RunEvaluation[];
  readonly gains: RunView["gains"];
  /** When something was last stored. */
  readonly updatedAt: string;
  readonly now: Date;
}

const severities = ["critical", "warning", "note"];

/** What a run's rows say of its health, the worst first. */
export function runAlarms(seen: Seen): Alarm[] {
  const alarms = [...ofStatus(seen), ...ofSteps(seen), ...ofUpdates(seen), ...ofScores(seen), ...ofSilence(seen)];
  return alarms.sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

interface Place {
  readonly stage: string;
  readonly step: number;
}

/** The stage that was worked on last, and its steps that are done. */
const placeOf = (stages: readonly StageProgress[]): Place => {
  const last = stages.findLast(({ done }) => done > 0);
  return last === undefined ? { stage: "base", step: 0 } : { stage: last.name, step: last.done };
};

function ofStatus({ rows, stages }: Seen): Alarm[] {
  if (rows.run.status !== "failed") return [];
  const place = placeOf(stages);
  const message = `The run failed after ${place.stage} step ${place.step}; its own output says why. What was finished is kept.`;
  return [{ severity: "critical", name: "run-failed", message, ...place }];
}

/** Of the reinforcement stage that was worked on last. */
function ofSteps({ rows: { run, shape, curves }, stages }: Seen): Alarm[] {
  const stage = stages.findLast((each) => isSampling(each) && each.done > 0)?.name;
  const limits = shape.config?.limits;
  if (stage === undefined || limits === undefined) return [];
  const { collapse } = limits;
  const own = curves.filter((curve) => curve.stage === stage);
  const steps = stepSummaries(firstAndLast(own, Math.max(leastSteps, collapse?.window ?? 0)));
  return [
    ...(collapse === null ? [] : collapseAlarms({ stage, steps, limits: collapse, status: run.status })),
    ...stepAlarms({ stage, steps, limits }),
  ];
}

const leastSteps = 5;

interface StepValue {
  readonly step: number;
  readonly name: string;
  readonly value: number;
}

/** The values of a stage's first step, and of its last ones. */
function firstAndLast(curves: readonly MetricCurve[], last: number): StepValue[] {
  const steps = [...new Set(curves.flatMap((curve) => curve.steps))].sort((a, b) => a - b);
  const wanted = new Set([...steps.slice(0, 1), ...steps.slice(-last)]);
  return curves.flatMap(({ name, steps: own, values }) =>
    own.flatMap((step, index) => (wanted.has(step) ? [{ step, name, value: values[index] ?? 0 }] : [])),
  );
}

/** Of all stages: what was refused or is no number stays true of the run. */
function ofUpdates({ rows: { curves } }: Seen): Alarm[] {
  const all = curves.flatMap(({ name, stage, steps, values }) =>
    values.flatMap((value, index) =>
      (name === "refusedUpdates" && value > 0) || !Number.isFinite(value)
        ? [{ name, stage, step: steps[index] ?? 0, value }]
        : [],
    ),
  );
  const refused = all.filter(({ name, value }) => name === "refusedUpdates" && Number.isFinite(value));
  const broken = all.filter(({ value }) => !Number.isFinite(value));
  return [
    ...lastOf(refused, "warning", (last) => ({
      name: "refused-updates",
      message:
        `${sum(refused.map(({ value }) => value))} updates were refused, as their gradient was not finite, the last at ` +
        `${last.stage} step ${last.step}; they changed nothing. To do: try a smaller learning rate.`,
    })),
    ...lastOf(broken, "critical", (last) => ({
      name: "not-finite",
      message: `${last.name} is no finite number at ${last.stage} step ${last.step}. To do: look at the steps before it.`,
    })),
  ];
}

function lastOf<Row extends Place>(
  rows: readonly Row[],
  severity: Alarm["severity"],
  tell: (last: Row) => Pick<Alarm, "name" | "message">,
): Alarm[] {
  const last = rows.at(-1);
  return last === undefined ? [] : [{ severity, ...tell(last), stage: last.stage, step: last.step }];
}

function ofScores({ rows, evaluations, gains }: Seen): Alarm[] {
  const { limits } = rows.shape.config ?? {};
  const last = evaluations.at(-1);
  const alarms: Alarm[] = [];
  if (
    last !== undefined &&
    limits !== undefined &&
    last.failed > (limits.failureShare / 2) * (last.exactMatch.n + last.failed)
  )
    alarms.push({
      severity: "warning",
      name: "evaluation-failures",
      message:
        `${last.failed} of ${last.exactMatch.n + last.failed} questions of the evaluation of ${last.stage} step ${last.step} failed: ` +
        "its score is over the others alone.",
      stage: last.stage,
      step: last.step,
    });
  const gain = gains.findLast(({ measure }) => measure === "greedy");
  if (gain !== undefined && (gain.ci95?.high ?? 0) < 0)
    alarms.push({
      severity: "warning",
      name: "score-fell",
      message: gain.sentence,
      stage: gain.to,
      step: evaluations.findLast(({ stage }) => stage === gain.to)?.step ?? 0,
    });
  return alarms;
}

const quietMs = 30 * 60_000;
/** So many steps without a change are more than a slow one. */
const quietSteps = 10;

function ofSilence({ rows: { run, shape }, stages, updatedAt, now }: Seen): Alarm[] {
  const silentMs = now.getTime() - Date.parse(updatedAt);
  if (run.status !== "running" || silentMs <= Math.max(quietMs, 1000 * quietSeconds(shape, stages))) return [];
  const message =
    `Nothing was stored for ${Math.round(silentMs / 60_000)} minutes, since ${updatedAt}. ` +
    "To do: see whether its process is alive; litmus train with the same file goes on.";
  return [{ severity: "note", name: "no-change", message, ...placeOf(stages) }];
}

/** Time of the steps that may pass unseen: what a supervised step stores between two checkpoints does not say when. */
function quietSeconds({ config }: RunShape, stages: readonly StageProgress[]): number {
  const worked = stages.findLastIndex(({ done }) => done > 0);
  const current = stages.slice(Math.max(0, worked)).find(({ done, steps }) => done < steps) ?? stages.at(-1);
  const own = current?.stepSeconds ?? [];
  const pace = (own.length > 0 ? own : stages.flatMap(({ stepSeconds }) => stepSeconds)).slice(-quietSteps);
  if (pace.length === 0) return 0;
  const stage = nameStages(config?.stages ?? []).find(({ name }) => name === current?.name)?.config;
  const unseen = stage?.type === "sft" ? stage.checkpointEvery : 0;
  return ((quietSteps + unseen) * sum(pace)) / pace.length;
}
