import { systemClock, toLitmusError, type RunRecord, type RunStatus } from "@litmus/core";
import { runExperiment, type LoadedConfig, type RunContext } from "@litmus/experiment";
import type { Reporter } from "../../output/reporter.ts";
import { watchMemory } from "../../process-memory.ts";
import type { OpenQueue } from "../open-queue.ts";
import type { Parts } from "../open-parts.ts";
import { throwIfLost, type RunHold, type RunStore } from "../open-run-store.ts";
import { runContextOf } from "../run-context.ts";
import { meterResources } from "../run-resources.ts";
import type { RunControl } from "./run-control.ts";
import type { ServedRun } from "./serve-run.ts";

/** What a run is served and controlled with. */
export interface RunServed {
  readonly control: RunControl;
  readonly served: ServedRun;
}

export interface WatchedRun extends RunServed {
  readonly request: {
    readonly loaded: LoadedConfig;
    readonly reporter: Reporter;
    /** What the run works with, changed for a measurement. */
    readonly instrument?: (context: RunContext) => RunContext;
  };
  readonly store: RunStore;
  readonly hold: RunHold;
  readonly parts: Parts;
  readonly groups: OpenQueue;
  readonly run: RunRecord;
  readonly directory: string;
  readonly started: number;
}

/** Makes the run, with the count of what it uses, and its status kept true. */
export async function watchRun(watched: WatchedRun): Promise<void> {
  const { request, store, hold, run, control, served, parts, groups, directory, started } = watched;
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
    signal: control.signal,
    unlessPaused: control.unlessPaused,
  });
  const context = request.instrument?.(plain) ?? plain;
  served.answerWith(context);
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
  }
}
