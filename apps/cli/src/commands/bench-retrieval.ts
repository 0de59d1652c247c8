import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { median } from "@litmus/algorithms";
import { LitmusError, toLitmusError, type Retriever } from "@litmus/core";
import { readRecords } from "@litmus/corpus";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import {
  buildElasticsearchIndex,
  openElasticsearchIndex,
  type SearchServerOptions,
  type ServerFlavor,
} from "@litmus/retrieval";
import { environment } from "../environment.ts";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { loadProblems } from "../wiring/load-problems.ts";
import { directoryOf } from "../wiring/open-model.ts";
import { searchServerOf } from "../wiring/open-retriever.ts";

interface BenchRetrievalOptions {
  readonly json: boolean;
  readonly config: string;
  readonly engine: ServerFlavor;
  /** Of each mode in each round. */
  readonly searches: number;
}

const callers = 32;
const rounds = 3;
/** A batch of one goes out at once. */
const modes = { batched: {}, single: { maxItems: 1 } } as const;
type Mode = keyof typeof modes;

/** Medians over the rounds. */
interface SearchSpeed {
  readonly engine: string;
  readonly mode: Mode;
  readonly documents: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly queriesPerSecond: number;
}

/** `litmus bench retrieval`: the same searches of 32 callers, gathered into batches or each a request, in turn. */
export async function benchRetrieval(options: BenchRetrievalOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const { config } = await loadConfig(options.config);
  const configDirectory = directoryOf(options.config);
  // The config's own server, where it names one of this kind.
  const server =
    config.retriever.engine === "elasticsearch" && config.retriever.flavor === options.engine
      ? await searchServerOf(config.retriever, configDirectory)
      : { url: environment.named("LITMUS_ELASTICSEARCH_URL", "--engine"), flavor: options.engine };
  await ensureIndex({ server, config, configDirectory, reporter });
  const queries = (await loadProblems(config, { configDirectory, reporter })).train.map(({ question }) => question);
  const { topK } = config.agent.budgets;
  await using opened = new AsyncDisposableStack();
  const retrievers = new Map<Mode, Retriever>();
  for (const mode of Object.keys(modes) as Mode[]) {
    const retriever = await openElasticsearchIndex({ server, index: config.corpus.name, batch: modes[mode] });
    opened.defer(() => retriever.close());
    retrievers.set(mode, retriever);
  }
  const measured = new Map<Mode, RoundSpeed[]>();
  // The first round warms the server, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const [mode, retriever] of retrievers) {
      const speed = await searchAll(retriever, { queries, topK, searches: options.searches });
      if (round > 0) measured.set(mode, [...(measured.get(mode) ?? []), speed]);
    }
    reporter.progress("rounds", round, rounds);
  }
  const results = [...measured].map(([mode, speeds]): SearchSpeed => {
    const of = (key: keyof RoundSpeed): number => median(speeds.map((speed) => speed[key]));
    const { documents, engine } = (retrievers.get(mode) as Retriever).info;
    return {
      engine,
      mode,
      documents,
      p50Ms: of("p50Ms"),
      p95Ms: of("p95Ms"),
      queriesPerSecond: of("queriesPerSecond"),
    };
  });
  reporter.result({ type: "bench-retrieval", results }, results.map(textOf).join("\n"));
}

const textOf = ({ engine, mode, documents, p50Ms, p95Ms, queriesPerSecond }: SearchSpeed): string =>
  `${engine}, ${documents} documents, ${mode}: ${queriesPerSecond.toFixed(0)} queries/s, p50 ${p50Ms.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms`;

interface Ensuring {
  readonly server: SearchServerOptions;
  readonly config: ExperimentConfig;
  readonly configDirectory: string;
  readonly reporter: Reporter;
}

/** Builds the experiment's corpus on the server, under the corpus's name, where it is not there yet. */
async function ensureIndex({ server, config, configDirectory, reporter }: Ensuring): Promise<void> {
  const { name, path, fields, idSpace } = config.corpus;
  try {
    await (await openElasticsearchIndex({ server, index: name })).close();
    return;
  } catch (cause) {
    if (toLitmusError(cause).code !== "not-found") throw cause;
  }
  const folder = await mkdtemp(join(tmpdir(), "litmus-bench-"));
  try {
    await buildElasticsearchIndex({
      server,
      alias: name,
      name,
      idSpace,
      bm25: { preset: "anserini" },
      records: readRecords({ path: resolve(configDirectory, path), fields, idSpace }),
      deadLetterPath: join(folder, "rejected.jsonl"),
      onProgress: ({ phase, records }) => reporter.progress(`${phase} ${name}`, records, null),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type RoundSpeed = Pick<SearchSpeed, "p50Ms" | "p95Ms" | "queriesPerSecond">;

interface Searching {
  readonly queries: readonly string[];
  readonly topK: number;
  readonly searches: number;
}

async function searchAll(retriever: Retriever, { queries, topK, searches }: Searching): Promise<RoundSpeed> {
  const waiting = Array.from({ length: searches }, (_, index) => queries[index % queries.length] as string).values();
  const milliseconds: number[] = [];
  const start = performance.now();
  const caller = async (): Promise<void> => {
    for (const query of waiting) {
      const begin = performance.now();
      const outcome = await retriever.search([query], { topK });
      if (!outcome.ok) throw new LitmusError("unavailable", `a search failed: ${outcome.failure.message}`);
      milliseconds.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1000;
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95), queriesPerSecond: searches / seconds };
}
