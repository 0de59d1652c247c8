import { LitmusError, type RolloutJob, type RolloutJobResult } from "@litmus/core";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import { environment } from "../environment.ts";
import { exitCodes } from "../exit-code.ts";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { readRuns } from "../wiring/adapter-source.ts";
import { cancellation } from "../wiring/cancellation.ts";
import { directoryOf } from "../wiring/open-model.ts";
import { openEngines } from "../wiring/open-engines.ts";
import { openWorkersQueue } from "../wiring/open-queue.ts";
import { openRetriever } from "../wiring/open-retriever.ts";
import { openServerStore, type RunStore } from "../wiring/open-run-store.ts";
import { groupManifest } from "../wiring/prompt-manifest.ts";
import { workOnQueue } from "../wiring/work-on-queue.ts";

interface WorkerOptions {
  readonly runs: string;
  readonly set: readonly string[];
  readonly json: boolean;
  readonly groups?: number | undefined;
}

/** Groups under way may take so long to end once the worker was asked to stop. */
const drainMs = 60_000;

/** `litmus worker`: makes groups of an experiment's runs, beside any number of others, until it is asked to stop. */
export async function worker(configPath: string, options: WorkerOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const { config } = await loadConfig(configPath, options.set);
  const stopping = cancellation(() => drain(reporter));
  try {
    await work({ config, configDirectory: directoryOf(configPath), options, reporter, signal: stopping.signal });
  } finally {
    stopping.dispose();
    reporter.close();
  }
}

/** What is not finished in time is made by another worker. */
function drain(reporter: Reporter): void {
  reporter.note("finishing the groups at work; asked again, or after a minute, the worker ends without");
  setTimeout(() => process.exit(exitCodes.interrupted), drainMs).unref();
}

interface Work {
  readonly config: ExperimentConfig;
  readonly configDirectory: string;
  readonly options: WorkerOptions;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

async function work(working: Work): Promise<void> {
  const { config, options, reporter, signal } = working;
  const queue = await openWorkersQueue(config, reporter);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => queue.close());
  const store = await openSharedStore(config);
  opened.defer(() => store.close());
  const { retriever } = await openRetriever(config, working);
  opened.defer(() => retriever.close());
  const engines = opened.use(await openEngines(config, working));
  const { slots } = config.policy;
  const groups = options.groups ?? slots;
  const parts = {
    policy: engines.policy,
    retriever,
    store,
    queue,
    manifest: groupManifest(config, { engines, retriever }),
    runs: readRuns(options.runs),
    cacheDirectory: environment.cacheDirectory,
  };
  reporter.note(`worker ${process.pid} takes groups of ${config.name}, ${groups} at once`);
  const done = { groups: 0, episodes: 0, failed: 0 };
  const onGroup = (job: RolloutJob, { failed }: RolloutJobResult): void => {
    done.groups += 1;
    done.episodes += job.seeds.length;
    done.failed += failed.length;
    reporter.progress(`groups of ${config.name}`, done.groups, null);
  };
  await workOnQueue(parts, { slots, groups, onGroup, signal });
  reporter.result(
    { type: "worker-end", experiment: config.name, ...done },
    `${done.groups} groups, ${done.episodes} episodes, ${done.failed} failed`,
  );
}

async function openSharedStore({ store }: ExperimentConfig): Promise<RunStore> {
  if (store.engine === "postgres") return openServerStore(store);
  throw new LitmusError("bug", "an experiment with workers keeps its records in a folder");
}
