import { join, resolve } from "node:path";
import { LitmusError } from "@litmus/core";
import { parseConfig, loadConfig, type LoadedConfig } from "@litmus/experiment";
import { readFile } from "node:fs/promises";
import { createReporter } from "../output/create-reporter.ts";
import { cancellation } from "../wiring/cancellation.ts";
import { evaluateRun } from "../wiring/evaluate-run.ts";
import { exists } from "../wiring/exists.ts";
import { directoryOf } from "../wiring/open-model.ts";
import { resumeCommand } from "../wiring/train/resume-command.ts";
import { trainRun } from "../wiring/train-run.ts";

interface EvaluateOptions {
  readonly dir: string;
  readonly store?: string | undefined;
  readonly set: readonly string[];
  readonly json: boolean;
  readonly split?: "validation" | "test" | undefined;
  readonly policyVersion?: number | undefined;
  readonly samples?: number | undefined;
}

/** `litmus eval`: a run's best or named version on its questions or on another split, or the base policy of an experiment file. */
export async function evaluate(target: string, options: EvaluateOptions): Promise<void> {
  const reporter = createReporter(options.json, "events");
  const stopping = cancellation(() => reporter.note("stopping at the next safe point"));
  const directory = resolve(options.dir);
  const shared = { directory, storeDirectory: join(directory, "store"), reporter, signal: stopping.signal };
  try {
    if (!target.endsWith(".yaml") && !(await exists(target))) {
      refuseOverrides(options.set);
      return await evaluateRun({
        ...shared,
        storeVariable: options.store,
        id: target,
        split: options.split ?? null,
        version: options.policyVersion ?? null,
        samples: options.samples ?? null,
      });
    }
    const loaded = await baseOnly(target, options);
    const command = resumeCommand("eval", target, options);
    await trainRun({ ...shared, loaded, configDirectory: directoryOf(target), startAnother: false, command });
  } finally {
    stopping.dispose();
    reporter.close();
  }
}

/** The experiment without its stages: only the base policy is scored, in a run of its own name. */
async function baseOnly(path: string, options: EvaluateOptions): Promise<LoadedConfig> {
  const { set, split, samples, policyVersion } = options;
  if (policyVersion !== undefined)
    throw new LitmusError("invalid-input", "an experiment file has no versions", {
      path: "--policy-version",
      hint: "name a run",
    });
  const { config } = await loadConfig(path, set);
  // Another part or number of samples is another run: its name says which.
  const kind = [split, samples].filter((part) => part !== undefined).map((part) => `-${part}`);
  const overrides = [
    ...set,
    `name=${config.name}-base${kind.join("")}`,
    "stages=[]",
    // Workers of the experiment would not see the groups of a run of another name.
    "queue={engine: in-process}",
    ...(split === undefined ? [] : [`evaluation.split=${split}`]),
    ...(samples === undefined ? [] : [`evaluation.sampled=${samples === 0 ? "null" : `{k: ${samples}}`}`]),
  ];
  return parseConfig(await readFile(path, "utf8"), { path, overrides });
}

function refuseOverrides(overrides: readonly string[]): void {
  if (overrides.length === 0) return;
  throw new LitmusError("invalid-input", "a run is scored with its own config", {
    path: "--set",
    hint: "leave --set out, or name an experiment file",
  });
}
