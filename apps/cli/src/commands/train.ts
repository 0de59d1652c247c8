import { join, resolve } from "node:path";
import { LitmusError, toLitmusError } from "@litmus/core";
import { loadConfig } from "@litmus/experiment";
import { createReporter } from "../output/create-reporter.ts";
import { cancellation } from "../wiring/cancellation.ts";
import { directoryOf } from "../wiring/open-model.ts";
import { resumeCommand } from "../wiring/train/resume-command.ts";
import { trainRun } from "../wiring/train-run.ts";
import { dryRun } from "./dry-run.ts";

export interface TrainOptions {
  readonly dir: string;
  readonly set: readonly string[];
  readonly json: boolean;
  readonly new: boolean;
  readonly dryRun: boolean;
}

/** `litmus train`: starts or goes on with the run of an experiment file. */
export async function train(configPath: string, options: TrainOptions): Promise<void> {
  const reporter = createReporter(options.json, "events");
  const loaded = await loadConfig(configPath, options.set);
  if (options.dryRun) return dryRun({ loaded, configPath, reporter });
  const stopping = cancellation(() => reporter.note("stopping at the next safe point; Ctrl-C again stops now"));
  try {
    await trainRun({
      loaded,
      configDirectory: directoryOf(configPath),
      directory: resolve(options.dir),
      storeDirectory: join(resolve(options.dir), "store"),
      startAnother: options.new,
      command: resumeCommand("train", configPath, options),
      reporter,
      signal: stopping.signal,
    });
  } catch (cause) {
    throw options.new ? goesOnWithoutNew(cause) : cause;
  } finally {
    stopping.dispose();
    reporter.close();
  }
}

/** With --new the same command would start yet another run. */
function goesOnWithoutNew(cause: unknown): unknown {
  const error = toLitmusError(cause);
  if (error.code !== "interrupted") return cause;
  return new LitmusError("interrupted", error.message, {
    hint: "the same command without --new goes on from here",
    retryable: true,
    cause,
  });
}
