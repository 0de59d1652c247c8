import { join, resolve } from "node:path";
import { LitmusError, runId, useVersion, type RunRecord, type TrajectoryStore } from "@litmus/core";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import { readLock } from "@litmus/store";
import { createReporter } from "../output/create-reporter.ts";
import type { JsonLine } from "../output/json-line.ts";
import type { Reporter } from "../output/reporter.ts";
import { answerLine } from "../wiring/ask/answer-line.ts";
import { askServer } from "../wiring/ask/ask-server.ts";
import { cancellation } from "../wiring/cancellation.ts";
import { chooseCheckpoint, newestTrainedRun, type ChosenVersion } from "../wiring/choose-checkpoint.ts";
import { environment } from "../environment.ts";
import { directoryOf } from "../wiring/open-model.ts";
import { openParts } from "../wiring/open-parts.ts";
import { holdStore } from "../wiring/folder/hold-store.ts";
import { isWithinReach, type HolderWithinReach } from "../wiring/folder/within-reach.ts";
import { openStoredRuns, storeDirectoryOf } from "../wiring/with-stored-runs.ts";

interface AskOptions {
  readonly dir: string;
  readonly store?: string | undefined;
  readonly json: boolean;
  readonly run?: string | undefined;
  readonly config?: string | undefined;
}

/** `litmus ask`: through the process that trains in the folder where there is one, else with a policy of its own. */
export async function ask(question: string, options: AskOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const stopping = cancellation(() => reporter.note("stopping"));
  try {
    const { signal } = stopping;
    const trainer = await trainerOf(options);
    const line =
      trainer === null
        ? await askAlone(question, options, { reporter, signal })
        : await askServer(trainer, question, signal);
    reporter.result(line, answerText(line));
  } finally {
    stopping.dispose();
    reporter.close();
  }
}

/** The process that answers with the policy that it trains; null where a policy is named, or nobody here trains in the folder. */
async function trainerOf({ dir, store, run, config }: AskOptions): Promise<HolderWithinReach | null> {
  if (store !== undefined || run !== undefined || config !== undefined) return null;
  const holder = await readLock(storeDirectoryOf(dir));
  if (holder === null || !isWithinReach(holder)) return null;
  // One that only shows the folder gives it up; one without a token takes nothing but reads.
  return holder.yields || holder.token === null ? null : holder;
}

interface Asking {
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

async function askAlone(question: string, options: AskOptions, asking: Asking): Promise<JsonLine> {
  const directory = resolve(options.dir);
  const store =
    options.store === undefined
      ? await holdStore(storeDirectoryOf(directory), asking.reporter)
      : await openStoredRuns(options, asking.reporter);
  try {
    const choice = await choosePolicy(store, directory, options);
    asking.reporter.note(`answering with ${choice.version.reason}; for research, never for clinical advice`);
    const parts = await openParts(choice.config, { ...asking, configDirectory: choice.configDirectory });
    try {
      await useVersion(parts.policy, choice.version.adapter);
      return await answerLine({ ...parts, store, config: choice.config }, question, asking.signal);
    } finally {
      await parts.close();
    }
  } finally {
    await store.close();
  }
}

interface PolicyChoice {
  readonly config: ExperimentConfig;
  readonly configDirectory: string;
  readonly version: ChosenVersion;
}

async function choosePolicy(store: TrajectoryStore, directory: string, options: AskOptions): Promise<PolicyChoice> {
  const { run: named, config: file } = options;
  if (file !== undefined) return basePolicy(file);
  const run = named === undefined ? await newestTrainedRun(store) : await requireRun(store, named);
  if (run === null) return basePolicy(environment.quickstart);
  const configPath = join(directory, run.id, "config.yaml");
  const { config } = await loadConfig(configPath);
  return { config, configDirectory: directoryOf(configPath), version: await chooseCheckpoint(store, run, directory) };
}

async function basePolicy(configPath: string): Promise<PolicyChoice> {
  const { config } = await loadConfig(configPath);
  const { policy, model } = config;
  const reason = policy.engine === "chat" ? `the chat model ${model.name}` : "the base policy, which is not trained";
  return { config, configDirectory: directoryOf(configPath), version: { adapter: null, reason, chosenOn: null } };
}

async function requireRun(store: TrajectoryStore, id: string): Promise<RunRecord> {
  const run = await store.run(runId(id));
  if (run !== null) return run;
  throw new LitmusError("not-found", `there is no run ${id}`, { path: "--run", hint: "litmus runs lists them" });
}

interface AnswerFields {
  readonly answer: string | null;
  readonly citations: readonly { readonly id: string; readonly title: string; readonly kind?: string }[];
  readonly stopReason: string;
}

function answerText(line: JsonLine): string {
  const { answer, citations, stopReason } = line as unknown as AnswerFields;
  const said = answer ?? `no answer (${stopReason})`;
  return [
    said,
    ...citations.map(({ id, title, kind }) => `  [${id}] ${title}${kind === undefined ? "" : ` (${kind})`}`),
  ].join("\n");
}
