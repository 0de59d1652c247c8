import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig, type RunContext, type RunEvent } from "@litmus/experiment";
import { TimeSplit } from "../bench/time-split.ts";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { directoryOf } from "../wiring/open-model.ts";
import { commandOf } from "../wiring/train/resume-command.ts";
import { trainRun } from "../wiring/train-run.ts";

interface BenchLoopOptions {
  readonly json: boolean;
  readonly config: string;
  readonly set: readonly string[];
}

/** The step that is measured: 8 problems × 8 trajectories, after the experiment's own warm start. */
const step = [
  "stages.1.steps=1",
  "stages.1.problemsPerStep=8",
  "stages.1.groupSize=8",
  "evaluation.questions=1",
  "evaluation.sampled=null",
];

/** `litmus bench loop`: where one whole reinforcement step spends its time. */
export async function benchLoop(options: BenchLoopOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const loaded = await loadConfig(options.config, [...step, ...options.set]);
  const directory = await mkdtemp(join(tmpdir(), "litmus-bench-"));
  const split = new TimeSplit();
  let seconds: ReturnType<TimeSplit["stop"]> | null = null;
  const notice = (event: RunEvent): void => {
    // The clock runs from the second stage's start to the end of its only step, the commit of the new version included.
    if (event.type === "stage-start" && event.stage !== "sft") split.start();
    if (event.type === "step-end") seconds = split.stop();
  };
  try {
    await trainRun({
      loaded,
      configDirectory: directoryOf(options.config),
      directory,
      storeDirectory: join(directory, "store"),
      startAnother: false,
      command: commandOf(["bench", "loop"]),
      reporter: { ...quiet, progress: reporter.progress.bind(reporter), note: (text) => reporter.note(text) },
      signal: new AbortController().signal,
      instrument: (context) => instrumented(context, split, notice),
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  if (seconds !== null) report(reporter, seconds);
}

const quiet: Reporter = { progress: () => {}, note: () => {}, event: () => {}, result: () => {}, close: () => {} };

function instrumented(context: RunContext, split: TimeSplit, notice: (event: RunEvent) => void): RunContext {
  return {
    ...context,
    policy: split.timed(context.policy, (method) =>
      method === "sample" ? "sampling" : method === "useAdapter" ? "update" : null,
    ),
    retriever: split.timed(context.retriever, (method) => (method === "search" ? "search" : null)),
    store: split.timed(context.store, () => "store"),
    trainer: async () => split.timed(await split.count("update", () => context.trainer()), () => "update"),
    verify: (trajectory, problem) => split.count("verifying", () => context.verify(trajectory, problem)),
    emit: (event) => {
      context.emit(event);
      notice(event);
    },
  };
}

function report(reporter: Reporter, seconds: ReturnType<TimeSplit["stop"]>): void {
  const stepSeconds = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  const otherShare = 1 - (seconds.sampling + seconds.update) / stepSeconds;
  const lines = Object.entries(seconds).map(([name, value]) => `${name.padEnd(10)} ${value.toFixed(2)} s`);
  reporter.result(
    { type: "bench-loop", stepSeconds, seconds, otherShare },
    [...lines, `all but sampling and update: ${(100 * otherShare).toFixed(1)} % of ${stepSeconds.toFixed(1)} s`].join(
      "\n",
    ),
  );
}
