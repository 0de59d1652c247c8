import { resolve } from "node:path";
import type { Client } from "@elastic/elasticsearch";
import { type IndexInfo, LitmusError, type Sha256 } from "@litmus/core";
import { type Bm25Choice, type Bm25Parameters, resolveBm25 } from "../bm25/scoring.ts";
import { systemTiming, type Timing } from "@litmus/core";
import { indexIdOf } from "./content-sum.ts";
import { DeadLetterFile } from "./dead-letter-file.ts";
import { checkIndexName, creationSettings, loadingSettings, servingSettings } from "./index-layout.ts";
import { elasticsearchFormat, type IndexMeta, mappingsWith, nothingLoaded, writeIndexMeta } from "./index-meta.ts";
import { listVersions, pointAlias, refuseOtherSettings, versionName } from "./index-versions.ts";
import { type BulkOptions, loadRecords } from "./load-records.ts";
import type { RecordSource } from "./record-chunks.ts";
import { connectSearchServer, type SearchServerOptions } from "./search-server.ts";
import { toServerError } from "./server-errors.ts";

export interface ElasticsearchBuildProgress {
  /** Records are loaded, then the index is merged into one segment a shard, which shows no numbers of its own. */
  readonly phase: "load" | "merge";
  /** Records of the source that are done with, rejected ones included. */
  readonly records: number;
  readonly rejected: number;
}

export interface ElasticsearchBuildOptions {
  readonly server: SearchServerOptions;
  /** What searchers open. The index behind it is called `<alias>-<number>`. */
  readonly alias: string;
  readonly name: string;
  /** With `pubmed`, every id must be a PMID; other records are rejected. */
  readonly idSpace: IndexInfo["idSpace"];
  readonly bm25: Bm25Choice;
  /** Ids are unique; a build that goes on needs the same order again. */
  readonly records: RecordSource;
  /** JSON lines of the records that the index does not hold, with their reasons. */
  readonly deadLetterPath: string;
  /** Default 1, whose statistics are exact. */
  readonly shards?: number;
  /** Copies of each shard once the index is whole. Default 0. */
  readonly replicas?: number;
  readonly bulk?: BulkOptions;
  /** After every request that was answered. */
  readonly onProgress?: (progress: ElasticsearchBuildProgress) => void;
  readonly signal?: AbortSignal;
  readonly timing?: Timing;
}

export interface ElasticsearchBuild {
  readonly index: string;
  readonly id: Sha256;
  readonly documents: number;
  readonly rejected: number;
  /** Indexes that the alias pointed at before: still there, for retrievers that have them open. */
  readonly replaced: readonly string[];
}

const mergeTimeoutMs = 6 * 3_600_000;
const bulkDefaults = {
  maxBytes: 5 * 1024 * 1024,
  concurrency: 4,
  retry: { attempts: 10, firstDelayMs: 500, maxDelayMs: 60_000 },
  checkpointEvery: 100_000,
  maxRejected: 10_000,
};

/**
 * Builds an index on Elasticsearch or OpenSearch beside the one that serves, and points the alias at it when it is
 * whole. After an interruption the same call goes on where the last checkpoint was; a record sent twice is one record.
 * @throws LitmusError `conflict` for other settings or records than the unfinished index was begun with;
 * `invalid-data` for no records, repeated ids or too many rejected records; `invalid-config`; `incompatible`;
 * `unavailable` when the server keeps failing; `interrupted`; errors of the records' source
 */
export async function buildElasticsearchIndex(options: ElasticsearchBuildOptions): Promise<ElasticsearchBuild> {
  checkIndexName(options.alias);
  const bm25 = resolveBm25(options.bm25);
  const { client } = await connectSearchServer(options.server);
  try {
    const { index, meta } = await resumeOrCreate(client, options, bm25);
    const loaded = await load(client, index, meta, options);
    const whole = await finish(client, index, loaded, options);
    const replaced = await pointAlias(client, options.alias, index);
    return { index, ...whole, replaced };
  } catch (error) {
    throw toServerError(error, `building an index for ${options.alias}`);
  } finally {
    await client.close();
  }
}

interface Target {
  readonly index: string;
  readonly meta: IndexMeta;
}

/** The newest index of the alias, when its build did not end; else the next. */
async function resumeOrCreate(
  client: Client,
  options: ElasticsearchBuildOptions,
  { k1, b }: Bm25Parameters,
): Promise<Target> {
  const { alias, name, idSpace, shards = 1 } = options;
  const meta: IndexMeta = {
    format: elasticsearchFormat,
    name,
    idSpace,
    k1,
    b,
    shards,
    progress: nothingLoaded,
    id: null,
  };
  const [newest] = await listVersions(client, alias);
  if (newest?.meta.id === null) {
    refuseOtherSettings(newest, meta);
    await client.indices.putSettings({ index: newest.index, settings: { index: loadingSettings } });
    return newest;
  }
  const index = versionName(alias, (newest?.number ?? 0) + 1);
  const settings = { index: creationSettings({ bm25: { k1, b }, shards }) };
  await client.indices.create({ index, settings, mappings: mappingsWith(meta) });
  return { index, meta };
}

async function load(
  client: Client,
  index: string,
  meta: IndexMeta,
  options: ElasticsearchBuildOptions,
): Promise<IndexMeta> {
  const { timeoutMs = 120_000, ...bulk } = options.bulk ?? {};
  await using deadLetters = await DeadLetterFile.open(resolve(options.deadLetterPath), meta.progress.rejected);
  const progress = await loadRecords({
    target: { client, index, idSpace: meta.idSpace, timeoutMs },
    records: options.records,
    deadLetters,
    from: meta.progress,
    bulk: { ...bulkDefaults, ...bulk },
    timing: options.timing ?? systemTiming,
    signal: options.signal,
    saveProgress: async (saved) => {
      // What the progress tells of must survive the server's end.
      await client.indices.flush({ index }, { requestTimeout: mergeTimeoutMs });
      await writeIndexMeta(client, index, { ...meta, progress: saved });
    },
    onProgress: ({ records, rejected }) => options.onProgress?.({ phase: "load", records, rejected }),
  });
  return { ...meta, progress };
}

async function finish(
  client: Client,
  index: string,
  meta: IndexMeta,
  { onProgress, replicas = 0 }: ElasticsearchBuildOptions,
): Promise<Pick<ElasticsearchBuild, "id" | "documents" | "rejected">> {
  const { records, rejected, loadedSum } = meta.progress;
  const documents = records - rejected;
  await client.indices.refresh({ index }, { requestTimeout: mergeTimeoutMs });
  checkCount((await client.count({ index })).count, documents, index);
  onProgress?.({ phase: "merge", records, rejected });
  await client.indices.forcemerge({ index, max_num_segments: 1 }, { requestTimeout: mergeTimeoutMs });
  await client.indices.putSettings({ index, settings: { index: servingSettings(replicas) } });
  const id = indexIdOf(elasticsearchFormat, documents, loadedSum);
  await writeIndexMeta(client, index, { ...meta, id });
  return { id, documents, rejected };
}

function checkCount(count: number, documents: number, index: string): void {
  if (documents === 0)
    throw new LitmusError("invalid-data", "there is no record to index", { hint: "Check the source of the records." });
  if (count === documents) return;
  throw new LitmusError("invalid-data", `${documents} records were loaded, but ${index} holds ${count} documents`, {
    hint: "An id is in the source more than once: keep one, delete this index, and build anew.",
  });
}
