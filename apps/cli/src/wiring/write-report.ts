import { rename, writeFile } from "node:fs/promises";
import type { RunRecord, StoredTrajectory, TrajectoryStore } from "@litmus/core";
import {
  failureOf,
  renderReport,
  type ReportAlgorithm,
  type ReportFailure,
  type ReportSample,
} from "@litmus/evaluation";
import { isReinforcement, nameStages, type ExperimentConfig, type RunResult } from "@litmus/experiment";
import type { RunResources } from "./run-resources.ts";

interface ReportRequest {
  readonly store: TrajectoryStore;
  readonly run: RunRecord;
  readonly config: ExperimentConfig;
  readonly result: RunResult;
  readonly resources: RunResources;
  readonly reportPath: string;
}

const samplesOfEachKind = 3;

/** Writes the run's self-contained HTML report, from stored rows alone. */
export async function writeReport(request: ReportRequest): Promise<void> {
  const { store, run, config, result, resources, reportPath } = request;
  const html = renderReport({
    run: (await store.run(run.id)) ?? run,
    seeds: [config.seed],
    evaluations: result.evaluations,
    gains: result.gains,
    steps: result.steps,
    algorithms: algorithmsOf(config),
    failures: await countFailures(store, run),
    samples: await chooseSamples(request),
    idSpace: config.corpus.idSpace,
    limits: limitsOf(config, resources),
  });
  await writeFile(`${reportPath}.partial`, html);
  await rename(`${reportPath}.partial`, reportPath);
}

function algorithmsOf(config: ExperimentConfig): ReportAlgorithm[] {
  return nameStages(config.stages).flatMap(({ name, config: stage }) =>
    isReinforcement(stage) ? [{ stage: name, settings: shownSettings(stage) }] : [],
  );
}

/** `key.path: value`, nested settings each on a line of its own. */
function shownSettings(settings: object, prefix = ""): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(settings).map(([key, value]: [string, unknown]) =>
      typeof value === "object" && value !== null
        ? shownSettings(value, `${prefix}${key}.`)
        : { [`${prefix}${key}`]: value === null ? "none" : typeof value === "string" ? value : JSON.stringify(value) },
    ),
  ) as Record<string, string>;
}

async function countFailures(store: TrajectoryStore, run: RunRecord): Promise<ReportFailure[]> {
  const entries = await store.trajectories({ runId: run.id });
  const failures = entries.filter((entry) => entry.reward === null).map(failureOf);
  return [...Map.groupBy(failures, (failure) => failure)].map(([failure, same]) => {
    const [boundary = "", code = ""] = failure.split("/");
    return { boundary, code, count: same.length };
  });
}

/** From the last evaluation: the first right answers, the first wrong ones, and failures if there are any. */
async function chooseSamples({ store, run, result }: ReportRequest): Promise<ReportSample[]> {
  const last = result.evaluations.at(-1);
  if (last === undefined) return [];
  const entries = await store.trajectories({
    runId: run.id,
    stage: last.stage,
    step: last.step,
    purpose: "evaluation",
  });
  const kinds = Map.groupBy(entries, kindOf);
  const chosen = (["right", "wrong", "failed"] as const).flatMap((kind) =>
    (kinds.get(kind) ?? []).slice(0, samplesOfEachKind),
  );
  return Promise.all(
    chosen.map(async (entry) => ({
      entry,
      problem: entry.problemId === null ? null : await store.problem(run.id, entry.problemId),
    })),
  );
}

function kindOf(entry: StoredTrajectory): "right" | "wrong" | "failed" {
  if (entry.reward === null) return "failed";
  return entry.reward.components.some((component) => component.name === "exactMatch" && component.score === 1)
    ? "right"
    : "wrong";
}

function limitsOf(config: ExperimentConfig, resources: RunResources): string[] {
  const limits = [
    `The policy is ${config.model.name} (${config.model.licence}); the corpus is ${config.corpus.name}. Scores on it say nothing about other corpora.`,
    `This run took ${(resources.seconds / 60).toFixed(1)} minutes and ${resources.peakRssGiB.toFixed(1)} GiB of memory at most.`,
  ];
  if (config.policy.engine === "chat")
    limits.push(
      "The policy is a chat model that is known by its name alone: another model may answer under it later. Its tokens are those that it reports, or an estimate.",
    );
  const updates = config.stages.flatMap((stage) => (isReinforcement(stage) ? [stage.updatesPerStep] : []));
  if (updates.includes(1))
    limits.push("With one update a step the ratio is 1 when the loss is taken, so clipping is inert.");
  return limits;
}
