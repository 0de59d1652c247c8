import { join } from "node:path";
import { LitmusError, runId, useVersion, type RunRecord, type TrajectoryStore } from "@litmus/core";
import { evaluatePolicy, evaluationProblems, loadConfig, neverPaused, type ExperimentConfig } from "@litmus/experiment";
import { scorerVersion } from "@litmus/reward";
import type { Reporter } from "../output/reporter.ts";
import { evaluationLine } from "../output/run-lines.ts";
import { checkSampling } from "./check-sampling.ts";
import { chooseCheckpoint, namedVersion } from "./choose-checkpoint.ts";
import { directoryOf } from "./open-model.ts";
import { openParts } from "./open-parts.ts";
import { openOwnQueue } from "./open-queue.ts";
import { refuseChangedParts } from "./open-run.ts";
import { promptManifest } from "./prompt-manifest.ts";
import { runContextOf } from "./run-context.ts";
import { openStoredRuns } from "./with-stored-runs.ts";

interface EvaluateRequest {
  readonly id: string;
  readonly split: "validation" | "test" | null;
  /** Null: the best one. */
  readonly version: number | null;
  /** Samples a question; null: as the run's config has it. */
  readonly samples: number | null;
  /** Folder of the runs. */
  readonly directory: string;
  /** Environment variable with the address of a Postgres store; undefined = the folder's own. */
  readonly storeVariable: string | undefined;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** Scores the best version of a run; what is stored already is not sampled again. */
export async function evaluateRun(request: EvaluateRequest): Promise<void> {
  const store = await openStoredRuns({ dir: request.directory, store: request.storeVariable }, request.reporter);
  try {
    const run = await store.run(runId(request.id));
    if (run === null)
      throw new LitmusError("not-found", `there is no run ${request.id}`, { hint: "litmus runs lists them" });
    await evaluateStored(request, store, run);
  } finally {
    await store.close();
  }
}

async function evaluateStored(request: EvaluateRequest, store: TrajectoryStore, run: RunRecord): Promise<void> {
  const configPath = join(request.directory, run.id, "config.yaml");
  const { config: stored } = await loadConfig(configPath);
  const split = request.split ?? stored.evaluation.split;
  const { samples } = request;
  const sampled = samples === null ? stored.evaluation.sampled : samples === 0 ? null : { k: samples, base: true };
  const config: ExperimentConfig = { ...stored, evaluation: { ...stored.evaluation, split, sampled } };
  const parts = await openParts(config, { ...request, configDirectory: directoryOf(configPath) });
  try {
    checkSampling(config, parts.policy);
    refuseChangedParts(run, { ...parts.manifest, ...promptManifest(config), scorer: scorerVersion });
    const chosen = await (request.version === null
      ? chooseCheckpoint(store, run, request.directory)
      : namedVersion(store, run, { directory: request.directory, version: request.version }));
    request.reporter.note(`scoring ${chosen.reason}`);
    if (chosen.chosenOn === split)
      request.reporter.note(`its version was chosen on the same ${split} questions, so that this score flatters it`);
    await useVersion(parts.policy, chosen.adapter);
    const context = runContextOf({
      runId: run.id,
      config,
      directory: join(request.directory, run.id),
      parts,
      groups: openOwnQueue(),
      store,
      emit: (event) => request.reporter.event(event),
      signal: request.signal,
      unlessPaused: neverPaused,
    });
    await store.saveProblems(run.id, split, evaluationProblems(context));
    const evaluation = await evaluatePolicy(context, {
      // Each number of samples is an evaluation of its own.
      stage: samples === null ? `eval-${split}` : `eval-${split}-${samples}`,
      step: chosen.adapter?.version ?? 0,
      prompt: chosen.adapter === null ? "base" : "trained",
      chosenOn: chosen.chosenOn ?? undefined,
    });
    request.reporter.result(
      {
        type: "evaluation",
        runId: run.id,
        version: chosen.adapter?.version ?? 0,
        chosenOn: chosen.chosenOn,
        ...evaluation,
      },
      evaluationLine(evaluation),
    );
  } finally {
    await parts.close();
  }
}
