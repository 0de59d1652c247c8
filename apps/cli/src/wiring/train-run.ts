import { join } from "node:path";
import { LitmusError, toLitmusError, type RunId, type RunRecord, type TrajectoryStore } from "@litmus/core";
import { storedResult, type LoadedConfig, type RunContext } from "@litmus/experiment";
import { scorerVersion } from "@litmus/reward";
import type { Reporter } from "../output/reporter.ts";
import { checkPromptsFit } from "./check-prompts-fit.ts";
import { checkSampling } from "./check-sampling.ts";
import { openParts } from "./open-parts.ts";
import { hashAdapters } from "./open-adapter.ts";
import { openQueue } from "./open-queue.ts";
import { checkTinker } from "./open-tinker.ts";
import { openRunStore, type RunHold, type RunStore } from "./open-run-store.ts";
import { chooseRun, createRun, nextRunId, refuseChangedParts } from "./open-run.ts";
import { promptManifest } from "./prompt-manifest.ts";
import { runEndLine, runEndText } from "./run-end.ts";
import { readResources } from "./run-resources.ts";
import { createRunControl } from "./train/run-control.ts";
import { serveRun } from "./train/serve-run.ts";
import { watchRun, type RunServed } from "./train/watch-run.ts";
import { loadReport } from "./report/load-report.ts";
import { writeReport } from "./report/write-report.ts";

export interface TrainRequest {
  readonly loaded: LoadedConfig;
  readonly configDirectory: string;
  /** Folder of the runs. */
  readonly directory: string;
  readonly storeDirectory: string;
  readonly startAnother: boolean;
  /** What goes on with the run after a stop, as a person types it. */
  readonly command: string;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  /** What the run works with, changed for a measurement. */
  readonly instrument?: (context: RunContext) => RunContext;
}

/** Opens the store and the parts, runs the experiment, and says what it came to. */
export async function trainRun(request: TrainRequest): Promise<void> {
  const store = await openRunStore(request.loaded.config.store, request.storeDirectory);
  try {
    const existing = await chooseRun({ ...request, store });
    if (existing?.status === "finished") return await reportEnd(request, store, existing);
    const id = existing?.id ?? (await nextRunId({ ...request, store }));
    const hold = await store.hold(id);
    try {
      await runServed({ request, store, id, hold }, existing);
    } finally {
      // What ended the run must be told; the hold ends by itself.
      await hold.release().catch((cause: unknown) => request.reporter.note(toLitmusError(cause).message));
    }
  } finally {
    await store.close();
  }
}

interface HeldRun {
  readonly request: TrainRequest;
  readonly store: RunStore;
  readonly id: RunId;
  readonly hold: RunHold;
}

/** With the server that reads for others, and the control that it gives. */
async function runServed(held: HeldRun, chosen: RunRecord | null): Promise<void> {
  const { request, store, id, hold } = held;
  const control = createRunControl({
    signal: AbortSignal.any([request.signal, hold.lost]),
    onChange: (state) => request.reporter.event({ type: "control-changed", state }),
  });
  const { directory, command, reporter, loaded } = request;
  const storeEngine = loaded.config.store.engine === "postgres" ? "Postgres" : "PGlite";
  await using served = await serveRun({ store, runId: id, control, directory, command, storeEngine, reporter });
  await runOnParts({ ...held, control, served }, chosen);
}

async function runOnParts(held: HeldRun & RunServed, chosen: RunRecord | null): Promise<void> {
  const started = performance.now();
  const { request, store, id, served } = held;
  const { loaded, reporter } = request;
  const existing = await store.run(id);
  // Chosen before it was held: another process may have begun a run of this name in between, with another config.
  if (existing?.configHash !== chosen?.configHash)
    throw new LitmusError("conflict", `another process has just registered run ${id}`, {
      hint: "run the same command again",
      retryable: true,
    });
  const prompts = promptManifest(loaded.config);
  await checkTinker(loaded.config, reporter);
  const parts = await openParts(loaded.config, request);
  try {
    checkPromptsFit(loaded.config, parts.policy);
    checkSampling(loaded.config, parts.policy);
    const manifest = { ...parts.manifest, ...prompts, scorer: scorerVersion };
    if (existing !== null) refuseChangedParts(existing, manifest);
    const run = existing ?? (await createRun({ ...request, store, id }, await withAdapters(request, manifest)));
    const directory = join(request.directory, run.id);
    reporter.event({
      type: "run-start",
      runId: run.id,
      address: served.address,
      directory,
      resumed: existing !== null,
      configHash: run.configHash,
    });
    await using groups = await openQueue(loaded.config, reporter);
    await watchRun({ ...held, parts, groups, run, directory, started });
    await reportEnd(request, store, run);
  } finally {
    await parts.close();
  }
}

/** What a stage imports is the run's own once it is imported: later, the original may be gone. */
async function withAdapters(
  { loaded, configDirectory }: TrainRequest,
  manifest: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  return { ...manifest, ...(await hashAdapters(loaded.config, configDirectory)) };
}

/** Writes the report and prints the last line, from the records alone. */
async function reportEnd(request: TrainRequest, store: TrajectoryStore, run: RunRecord): Promise<void> {
  const { config } = request.loaded;
  const result = await storedResult({ store, runId: run.id, config });
  const resources = await readResources(store, run.id);
  const path = join(request.directory, run.id, "report.html");
  const reportPath = (await keepReport(request, store, { run, path })) ? path : null;
  const end = { runId: run.id, reportPath, result, resources };
  request.reporter.result(runEndLine(end), runEndText(end));
}

/** Whether there is a report now. Nothing that was trained is lost without one, and it can be written later. */
async function keepReport(
  { reporter }: TrainRequest,
  store: TrajectoryStore,
  { run, path }: { readonly run: RunRecord; readonly path: string },
): Promise<boolean> {
  const [first] = await store.trajectories({ runId: run.id }, { offset: 0, limit: 1 });
  if (first === undefined) {
    reporter.note(`run ${run.id} has no trajectories any more: its report is left as it is`);
    return true;
  }
  const render = await loadReport(() => reporter.note("building what draws reports, once")).catch((cause: unknown) => {
    const { message, hint } = toLitmusError(cause);
    reporter.note(`no report is written: ${message}; ${hint ?? ""}; then litmus report ${run.id} writes it`);
    return null;
  });
  if (render !== null) await writeReport({ store, run, render, path });
  return render !== null;
}
