import { join, resolve } from "node:path";
import { loadConfig } from "@litmus/experiment";
import { createReporter } from "../output/create-reporter.ts";
import { cancellation } from "../wiring/cancellation.ts";
import { directoryOf } from "../wiring/open-model.ts";
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
      reporter,
      signal: stopping.signal,
    });
  } finally {
    stopping.dispose();
    reporter.close();
  }
}
