import { join } from "node:path";
import { LitmusError, type AdapterReference, type RunRecord, type TrajectoryStore } from "@litmus/core";
import type { EvaluationResult } from "@litmus/evaluation";
import { askRun } from "./ask/store-answer.ts";

/** A version of a run's policy, and why it was chosen. */
export interface ChosenVersion {
  /** Null: the base policy. */
  readonly adapter: AdapterReference | null;
  readonly reason: string;
  /** Part of the questions whose scores chose it; null where nothing was scored. */
  readonly chosenOn: string | null;
}

type VersionReader = Pick<TrajectoryStore, "evaluations" | "checkpoints">;

/** The version with the best greedy score on the run's own questions; the later one where scores tie. */
export async function chooseCheckpoint(
  store: VersionReader,
  run: RunRecord,
  runsDirectory: string,
): Promise<ChosenVersion> {
  const evaluations = await store.evaluations(run.id);
  const checkpoints = await store.checkpoints(run.id);
  const candidates = evaluations.flatMap(({ stage, step, split, result }) => {
    const checkpoint = checkpoints.findLast((each) => each.stage === stage && each.step === step) ?? null;
    return checkpoint === null && stage !== "base"
      ? []
      : [{ checkpoint, split, score: (result as EvaluationResult).exactMatch ?? 0 }];
  });
  const best = candidates.reduce<(typeof candidates)[number] | null>(
    (top, each) => (top === null || each.score >= top.score ? each : top),
    null,
  );
  const checkpoint = best === null ? (checkpoints.at(-1) ?? null) : best.checkpoint;
  const chosenOn = best?.split ?? null;
  if (checkpoint === null)
    return {
      adapter: null,
      reason:
        chosenOn === null ? `the base policy of run ${run.id}` : `the base policy, which scored best in run ${run.id}`,
      chosenOn,
    };
  const { version, adapterPath, adapterSha256 } = checkpoint.state;
  const reason = `version ${version} of run ${run.id}, after ${checkpoint.stage} step ${checkpoint.step}`;
  const adapter = { version, path: join(runsDirectory, run.id, adapterPath), sha256: adapterSha256 };
  return { adapter, reason, chosenOn };
}

/** A version of a run by its number, 0 for the base policy. @throws LitmusError `not-found` with those that there are */
export async function namedVersion(
  store: VersionReader,
  run: RunRecord,
  { directory, version }: { readonly directory: string; readonly version: number },
): Promise<ChosenVersion> {
  if (version === 0) return { adapter: null, reason: `the base policy of run ${run.id}`, chosenOn: null };
  const checkpoints = await store.checkpoints(run.id);
  const found = checkpoints.find(({ state }) => state.version === version);
  if (found === undefined)
    throw new LitmusError("not-found", `run ${run.id} has no version ${version}`, {
      path: "--policy-version",
      hint: `its versions are ${[0, ...new Set(checkpoints.map(({ state }) => state.version))].join(", ")}`,
    });
  const { adapterPath, adapterSha256 } = found.state;
  const adapter = { version: found.state.version, path: join(directory, run.id, adapterPath), sha256: adapterSha256 };
  return { adapter, reason: `version ${version} of run ${run.id}`, chosenOn: null };
}

/** The newest run that has something to answer with. */
export async function newestTrainedRun(
  store: Pick<TrajectoryStore, "runs" | "checkpoints">,
): Promise<RunRecord | null> {
  for (const run of await store.runs()) {
    if (run.id !== askRun && (await store.checkpoints(run.id)).length > 0) return run;
  }
  return null;
}
