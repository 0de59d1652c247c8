import { randomUUID } from "node:crypto";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { LitmusError, runId, systemClock, type Problem, type RolloutQueue, type RunId } from "@litmus/core";
import { loadConfig, neverPaused, workInProcess, type LoadedConfig } from "@litmus/experiment";
import { groupSize, timeRollouts } from "../bench/queue-workload.ts";
import { environment } from "../environment.ts";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { residentBytes } from "../process-memory.ts";
import { loadProblems } from "../wiring/load-problems.ts";
import { directoryOf } from "../wiring/open-model.ts";
import { openEngines, type Engines } from "../wiring/open-engines.ts";
import { openOwnQueue, openWorkersQueue } from "../wiring/open-queue.ts";
import { openRetriever, type OpenRetriever } from "../wiring/open-retriever.ts";
import { openRunStore, type RunStore } from "../wiring/open-run-store.ts";
import { groupManifest } from "../wiring/prompt-manifest.ts";
import { scoredAgents } from "../wiring/run-context.ts";

interface BenchQueueOptions {
  readonly json: boolean;
  readonly config: string;
  readonly rollouts: number;
  readonly workers: readonly number[];
  readonly latency: number;
}

/** The experiment with the scripted policy, which needs no model, on the servers. Its tokens hold three characters. */
const overrides = (name: string, latency: number): string[] => [
  `name=${name}`,
  "agent={basePrompt: short-v1, budgets: {maxObservationTokens: 400, maxEpisodeTokens: 1000, topK: 1}}",
  `policy={engine: scripted, slots: 8, contextTokens: 1100, latencyMs: ${latency}}`,
  "trainer={engine: scripted, lengths: [1100]}",
  "store={engine: postgres}",
  "queue={engine: bullmq}",
];

/** What one number of workers came to. */
interface QueueRun {
  readonly workers: number;
  readonly rolloutsPerSecond: number;
  /** Of a worker's time for each rollout, beyond what the process that trains takes for it without a queue, on the same store. */
  readonly overheadMs: number;
  /** Of the largest worker, after half of the rollouts, when its heap has found its size, and after all. */
  readonly rssMiB: readonly [first: number, last: number];
}

/** `litmus bench queue`: rollouts of the scripted policy through Redis and Postgres, by processes of their own. */
export async function benchQueue(options: BenchQueueOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const name = `bench-queue-${randomUUID().slice(0, 8)}`;
  const sets = overrides(name, options.latency);
  const loaded = await loadConfig(options.config, sets);
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "litmus-bench-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const store = await openRunStore(loaded.config.store, folder);
  opened.defer(() => store.close());
  const opening = { configDirectory: directoryOf(options.config), reporter };
  const retriever = await openRetriever(loaded.config, opening);
  opened.defer(() => retriever.retriever.close());
  const engines = opened.use(await openEngines(loaded.config, opening));
  const problems = (await loadProblems(loaded.config, opening)).train;
  const bench: Bench = { ...options, reporter, loaded, sets, store, retriever, engines, problems, folder };
  const inProcessMs = await timeInProcess(bench, runId(`${name}-0`));
  reporter.note(`in one process without a queue: ${inProcessMs.toFixed(1)} ms a rollout`);
  const runs: QueueRun[] = [];
  for (const count of options.workers) {
    runs.push(await timeWorkers(bench, { count, inProcessMs, id: runId(`${name}-${count}`) }));
    reporter.note(textOf(runs.at(-1) as QueueRun));
  }
  reporter.result(
    { type: "bench-queue", rollouts: options.rollouts, latencyMs: options.latency, inProcessMs, runs },
    runs.map(textOf).join("\n"),
  );
}

const textOf = ({ workers, rolloutsPerSecond, overheadMs, rssMiB }: QueueRun): string =>
  `${workers} workers: ${rolloutsPerSecond.toFixed(0)} rollouts/s, ${overheadMs.toFixed(1)} ms more of a worker for each, ${rssMiB.map((size) => size.toFixed(0)).join(" → ")} MiB`;

interface Bench extends BenchQueueOptions {
  readonly reporter: Reporter;
  readonly loaded: LoadedConfig;
  readonly sets: readonly string[];
  readonly store: RunStore;
  readonly retriever: OpenRetriever;
  readonly engines: Engines;
  readonly problems: readonly Problem[];
  readonly folder: string;
}

async function timeInProcess(bench: Bench, id: RunId): Promise<number> {
  await registerRun(bench, id);
  const { retriever, store, engines, loaded, rollouts, problems } = bench;
  await using own = openOwnQueue();
  const { config } = loaded;
  const work = {
    config,
    ...scoredAgents(config),
    store,
    retriever: retriever.retriever,
    policy: engines.policy,
    queue: own.queue,
    unlessPaused: neverPaused,
    clock: systemClock,
  };
  const onProgress = (share: number): void => bench.reporter.progress("in process", share * rollouts, rollouts);
  const seconds = await workInProcess(work, () =>
    timeRollouts({ queue: own.queue, runId: id, problems, rollouts, onProgress }),
  );
  await forgetRun(bench, id);
  return (1000 * seconds) / rollouts;
}

async function timeWorkers(
  bench: Bench,
  { count, inProcessMs, id }: { readonly count: number; readonly inProcessMs: number; readonly id: RunId },
): Promise<QueueRun> {
  await registerRun(bench, id);
  const { reporter, rollouts, problems } = bench;
  await using opened = new AsyncDisposableStack();
  const queue = await openWorkersQueue(bench.loaded.config, reporter);
  opened.defer(() => queue.close());
  const workers = Array.from({ length: count }, () => startWorker(bench));
  opened.defer(() => endWorkers(workers));
  await untilThere(queue, workers);
  const largest = (): number => Math.max(...workers.map(({ pid }) => residentBytes(pid ?? 0))) / 2 ** 20;
  let first: number | null = null;
  const onProgress = (share: number): void => {
    if (share >= 0.5) first ??= largest();
    reporter.progress(`${count} workers`, Math.round(share * rollouts), rollouts);
  };
  const seconds = await timeRollouts({ queue, runId: id, problems, rollouts, onProgress });
  await forgetRun(bench, id);
  return {
    workers: count,
    rolloutsPerSecond: rollouts / seconds,
    overheadMs: (1000 * count * seconds) / rollouts - inProcessMs,
    rssMiB: [first ?? largest(), largest()],
  };
}

/** A run for workers to find: its parts are this process's. */
async function registerRun({ store, loaded, problems, engines, retriever }: Bench, id: RunId): Promise<void> {
  await store.saveRun({
    id,
    name: loaded.config.name,
    status: "running",
    configHash: loaded.hash,
    config: loaded.config,
    manifest: groupManifest(loaded.config, { engines, retriever: retriever.retriever }),
    createdAt: systemClock.timestamp(),
    finishedAt: null,
  });
  await store.saveProblems(id, "train", problems);
}

/** Leaves the run's name alone behind. */
async function forgetRun({ store, rollouts }: Bench, id: RunId): Promise<void> {
  await store.removeTrajectories(id, Math.ceil(rollouts / groupSize) * groupSize);
  await store.setRunStatus(id, "finished", systemClock.timestamp());
}

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

function startWorker({ config, sets, folder }: Bench): ChildProcess {
  const words = ["worker", config, "--runs", folder, "--json", "--set", ...sets];
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...words], {
    env: environment.forProgram({}),
    stdio: ["ignore", "ignore", "inherit"],
  });
}

const longestStartMs = 60_000;

async function untilThere(queue: RolloutQueue, workers: readonly ChildProcess[]): Promise<void> {
  const giveUpAt = performance.now() + longestStartMs;
  const isThere = async (): Promise<boolean> => {
    const known = new Set((await queue.overview()).workers.map(({ processId }) => processId));
    return workers.every(({ pid }) => known.has(pid ?? -1));
  };
  while (!(await isThere())) {
    if (workers.some(({ exitCode }) => exitCode !== null) || performance.now() > giveUpAt)
      throw new LitmusError("unavailable", "a worker did not start", { hint: "start one by hand: litmus worker" });
    await setTimeout(100);
  }
}

async function endWorkers(workers: readonly ChildProcess[]): Promise<void> {
  const running = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ended = running.map((worker) => once(worker, "exit"));
  for (const worker of running) worker.kill("SIGTERM");
  await Promise.all(ended);
}
