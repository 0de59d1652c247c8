import type { Control, ReportData, RunView } from "@litmus/api";
import type { RunRecord, TrajectoryId, TrajectorySummary } from "@litmus/core";
import { createStoreReads, runView, seriesView, trajectoryView, type StoreReader } from "@litmus/server";

const samplesOfEachKind = 3;
/** Points of a curve, at most: a report is read, not zoomed. */
const points = 200;
/** A file controls nothing. */
const control: Control = { state: "ended", actions: [], reason: null, resumeCommand: null };

/** What the report of a run is drawn from: the views that its page is drawn from, over stored rows alone. */
export async function reportData(store: StoreReader, { id }: Pick<RunRecord, "id">): Promise<ReportData> {
  const reads = createStoreReads({ store });
  const run = await runView(reads, id, { query: {}, control });
  const metrics = run.metrics.map(({ name }) => name);
  const series = await seriesView(reads, { sources: [id], metrics, x: "step", points });
  const chosen = await chooseSamples(store, run);
  const samples = await Promise.all(chosen.map((sample) => trajectoryView(reads, sample)));
  return { run, series, samples };
}

/** From the last evaluation: the first right answers, the first wrong ones, and failures if there are any. */
async function chooseSamples(store: StoreReader, { run, evaluations }: RunView): Promise<TrajectoryId[]> {
  const last = evaluations.at(-1);
  if (last === undefined) return [];
  const { stage, step } = last;
  const runId = run.id as RunRecord["id"];
  const kinds = Map.groupBy(await store.summaries({ runId, stage, step, purpose: "evaluation" }), kindOf);
  return (["right", "wrong", "failed"] as const).flatMap((kind) =>
    (kinds.get(kind) ?? []).slice(0, samplesOfEachKind).map((sample) => sample.id),
  );
}

function kindOf({ rewardTotal, components }: TrajectorySummary): "right" | "wrong" | "failed" {
  if (rewardTotal === null) return "failed";
  return components.some(({ name, score }) => name === "exactMatch" && score === 1) ? "right" : "wrong";
}
