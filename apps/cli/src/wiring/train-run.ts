import { join } from "node:path";
import {
  LitmusError,
  systemClock,
  toLitmusError,
  type RunId,
  type RunRecord,
  type RunStatus,
  type TrajectoryStore,
} from "@litmus/core";
import { runExperiment, storedResult, type LoadedConfig, type RunContext } from "@litmus/experiment";
import { scorerVersion } from "@litmus/reward";
import { startServer } from "@litmus/server";
import { watchMemory } from "../process-memory.ts";
import type { Reporter } from "../output/reporter.ts";
import { askHandler } from "./ask-handler.ts";
import { checkPromptsFit } from "./check-prompts-fit.ts";
import { checkSampling } from "./check-sampling.ts";
import { openParts, type Parts } from "./open-parts.ts";
import { hashAdapters } from "./open-adapter.ts";
import { openQueue, type OpenQueue } from "./open-queue.ts";
import { checkTinker } from "./open-tinker.ts";
import { openRunStore, throwIfLost, type RunHold, type RunStore } from "./open-run-store.ts";
import { chooseRun, createRun, nextRunId, refuseChangedParts } from "./open-run.ts";
import { promptManifest } from "./prompt-manifest.ts";
import { runContextOf } from "./run-context.ts";
import { runEndLine, runEndText } from "./run-end.ts";
import { meterResources, readResources } from "./run-resources.ts";
import { writeReport } from "./write-report.ts";

export interface TrainRequest {
  readonly loaded: LoadedConfig;
  readonly configDirectory: string;
  /** Folder of the runs. */
  readonly directory: string;
  readonly storeDirectory: string;
  readonly startAnother: boolean;
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
      await runOnParts({ request, store, id, hold }, existing);
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

async function runOnParts(held: HeldRun, chosen: RunRecord | null): Promise<void> {
  const started = performance.now();
  const { request, store, id } = held;
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
      directory,
      resumed: existing !== null,
      configHash: run.configHash,
    });
    await using groups = await openQueue(loaded.config, reporter);
    await runWatched({ ...held, parts, groups, run, directory, started });
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

interface WatchedRun extends HeldRun {
  readonly parts: Parts;
  readonly groups: OpenQueue;
  readonly run: RunRecord;
  readonly directory: string;
  readonly started: number;
}

/** The run itself, with the server that reads for others, the count of what it uses, and its status kept true. */
async function runWatched(watched: WatchedRun): Promise<void> {
  const { request, store, hold, run, parts, groups, directory, started } = watched;
  const { downloadSeconds } = parts;
  const memory = watchMemory(parts.processIds);
  const resources = meterResources({
    store,
    runId: run.id,
    used: () => ({
      seconds: (performance.now() - started) / 1000 - downloadSeconds,
      downloadSeconds,
      peakRssGiB: memory.peakGib(),
    }),
  });
  const plain = runContextOf({
    runId: run.id,
    config: request.loaded.config,
    directory,
    parts,
    groups,
    store,
    emit: (event) => {
      request.reporter.event(event);
      if (event.type === "checkpoint-saved" || event.type === "evaluation-end") resources.mark();
    },
    signal: AbortSignal.any([request.signal, hold.lost]),
  });
  const context = request.instrument?.(plain) ?? plain;
  const server = await startServer({ store, ask: askHandler(context) });
  await store.tellAddress(server.address);
  const end = async (status: RunStatus): Promise<void> => {
    await store.setRunStatus(run.id, status, status === "finished" ? systemClock.timestamp() : null);
    await resources.end();
  };
  try {
    await store.setRunStatus(run.id, "running", null);
    await runExperiment(context);
    await end("finished");
  } catch (cause) {
    // Another process's run by now: its status is that one's to keep.
    throwIfLost(hold);
    const status = toLitmusError(cause).code === "interrupted" ? "interrupted" : "failed";
    // What ended the run is what must be told, also where the store cannot take note of it.
    await end(status).catch((error: unknown) => request.reporter.note(`not stored: ${toLitmusError(error).message}`));
    throw cause;
  } finally {
    memory.stop();
    await server.close();
  }
}

/** Writes the report and prints the last line, from the records alone. */
async function reportEnd(request: TrainRequest, store: TrajectoryStore, run: RunRecord): Promise<void> {
  const { config } = request.loaded;
  const result = await storedResult({ store, runId: run.id, config });
  const resources = await readResources(store, run.id);
  const reportPath = join(request.directory, run.id, "report.html");
  const [first] = await store.trajectories({ runId: run.id }, { offset: 0, limit: 1 });
  if (first === undefined)
    request.reporter.note(`run ${run.id} has no trajectories any more: its report is left as it is`);
  else await writeReport({ store, run, config, result, resources, reportPath });
  const end = { runId: run.id, reportPath, result, resources };
  request.reporter.result(runEndLine(end), runEndText(end));
}
