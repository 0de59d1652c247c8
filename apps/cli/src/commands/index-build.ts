import { basename, resolve } from "node:path";
import { toLitmusError, type IndexInfo } from "@litmus/core";
import { readRecords } from "@litmus/corpus";
import { buildElasticsearchIndex, buildIndex, type Bm25Preset } from "@litmus/retrieval";
import { createReporter } from "../output/create-reporter.ts";
import type { Reporter } from "../output/reporter.ts";
import { cancellation } from "../wiring/cancellation.ts";
import { indexServerOf, openIndexTarget, type IndexServerOptions } from "./index-server.ts";

export interface IndexBuildOptions extends IndexServerOptions {
  readonly json: boolean;
  readonly to: "folder" | "elasticsearch" | "opensearch";
  readonly ifMissing: boolean;
  readonly name?: string | undefined;
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly year?: string | undefined;
  readonly ids: "pubmed" | "own";
  readonly preset: Bm25Preset;
  readonly shards: number;
  readonly replicas: number;
  readonly rejected?: string | undefined;
}

interface Build {
  /** Of the records. */
  readonly path: string;
  /** Folder, or alias on a server. */
  readonly target: string;
  readonly options: IndexBuildOptions;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** `litmus index build`: into a folder, or on a search server. */
export async function indexBuild(path: string, target: string, options: IndexBuildOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const stopping = cancellation(() => reporter.note("stopping; on a server the same command goes on from here"));
  const build = { path, target, options, reporter, signal: stopping.signal };
  try {
    const found = options.ifMissing ? await existing(target, options) : null;
    if (found !== null) {
      reporter.result(
        { type: "index-found", target, index: found },
        `${target} is there: ${found.documents} documents, index ${found.id.slice(0, 12)}`,
      );
      return;
    }
    await (options.to === "folder" ? buildInFolder(build) : buildOnServer(build, options.to));
  } finally {
    stopping.dispose();
    reporter.close();
  }
}

/** What is searched at the target by now; null where there is nothing. */
async function existing(target: string, options: IndexBuildOptions): Promise<IndexInfo | null> {
  try {
    const retriever = await openIndexTarget(target, { ...options, from: options.to });
    await retriever.close();
    return retriever.info;
  } catch (cause) {
    if (toLitmusError(cause).code === "not-found") return null;
    throw cause;
  }
}

async function buildInFolder({ path, target, options, reporter, signal }: Build): Promise<void> {
  const manifest = await buildIndex({
    ...sourceOf(path, options),
    directory: resolve(target),
    onProgress: ({ phase, records: done }) => reporter.progress(phase, done, null),
    signal,
  });
  reporter.result(
    { type: "index-built", folder: target, ...manifest },
    `${manifest.documents} documents in ${target}, index ${manifest.id.slice(0, 12)}`,
  );
}

async function buildOnServer(
  { path, target, options, reporter, signal }: Build,
  flavor: "elasticsearch" | "opensearch",
): Promise<void> {
  const { preset, shards, replicas } = options;
  const rejectedPath = resolve(options.rejected ?? `${target}-rejected.jsonl`);
  const built = await buildElasticsearchIndex({
    ...sourceOf(path, options),
    server: await indexServerOf(options, flavor),
    alias: target,
    bm25: { preset },
    shards,
    replicas,
    deadLetterPath: rejectedPath,
    onProgress: ({ phase, records: done }) => reporter.progress(phase, done, null),
    signal,
  });
  const rejected = built.rejected === 0 ? "" : `; ${built.rejected} records were rejected, and lie in ${rejectedPath}`;
  reporter.result(
    { type: "index-built", alias: target, rejectedPath: built.rejected === 0 ? null : rejectedPath, ...built },
    `${built.documents} documents in ${built.index}, which ${target} points at, index ${built.id.slice(0, 12)}${rejected}`,
  );
}

function sourceOf(path: string, options: IndexBuildOptions) {
  const { id, title, text, year, ids: idSpace } = options;
  const fields = { id, title, text, ...(year === undefined ? {} : { year }) };
  return {
    records: readRecords({ path: resolve(path), fields, idSpace }),
    name: options.name ?? basename(path).replace(/\.(jsonl(\.gz)?|parquet)$/, ""),
    idSpace,
  };
}
