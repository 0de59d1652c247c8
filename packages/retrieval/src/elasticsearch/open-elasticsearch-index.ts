import { type CorpusRecord, type IndexInfo, LitmusError, type RecordId, type Retriever } from "@litmus/core";
import { CircuitBreaker, type CircuitBreakerOptions } from "../remote/circuit-breaker.ts";
import type { BatchOptions } from "../remote/micro-batcher.ts";
import type { RetryOptions } from "../remote/send-with-retries.ts";
import { systemTiming, type Timing } from "@litmus/core";
import { BatchingRetriever } from "./batching-retriever.ts";
import { checkIndexName } from "./index-layout.ts";
import { elasticsearchFormat, type IndexMeta, readIndexMetas } from "./index-meta.ts";
import { connectSearchServer, scoreFactor, type SearchServer, type SearchServerOptions } from "./search-server.ts";
import { toServerError } from "./server-errors.ts";

export interface ElasticsearchIndexOptions {
  readonly server: SearchServerOptions;
  /** Alias or index. An alias is resolved once: a later build never changes what an open retriever searches. */
  readonly index: string;
  /** For a batch with its retries, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Queries of all callers go out together: 32, or those of 5 ms. */
  readonly batch?: BatchOptions;
  /** Default 4 attempts, waits up to 100 ms, 200 ms, 400 ms. */
  readonly retry?: RetryOptions;
  readonly breaker?: CircuitBreakerOptions;
  readonly timing?: Timing;
}

/** An index on a search server. */
export interface ElasticsearchIndex extends Retriever {
  /** The record with this id, or null. @throws LitmusError `unavailable` when the server keeps failing */
  record(id: RecordId): Promise<CorpusRecord | null>;
}

const defaultRetry: RetryOptions = { attempts: 4, firstDelayMs: 100, maxDelayMs: 5_000 };

/**
 * Opens an index that {@link buildElasticsearchIndex} built, on Elasticsearch or OpenSearch.
 * @throws LitmusError `not-found`; `incompatible` for an index that is not whole, not ours, or another server;
 * `unavailable`; `invalid-config`
 */
export async function openElasticsearchIndex(options: ElasticsearchIndexOptions): Promise<ElasticsearchIndex> {
  checkIndexName(options.index);
  const server = await connectSearchServer(options.server);
  try {
    const { index, meta, info } = await readIndex(server, options.index);
    const { timeoutMs = 10_000, timing = systemTiming, retry = defaultRetry } = options;
    return new BatchingRetriever({
      info,
      target: {
        client: server.client,
        index,
        shards: meta.shards,
        scoreFactor: scoreFactor(server, meta.k1),
        timeoutMs,
      },
      retry,
      timing,
      breaker: new CircuitBreaker(timing, options.breaker),
      batch: options.batch ?? {},
    });
  } catch (error) {
    await server.client.close();
    throw toServerError(error, `opening the index ${options.index}`);
  }
}

interface ReadIndex {
  readonly index: string;
  readonly meta: IndexMeta;
  readonly info: IndexInfo;
}

async function readIndex({ client, flavor, version }: SearchServer, name: string): Promise<ReadIndex> {
  const [[index, meta] = [name, null], ...others] = await readIndexMetas(client, name);
  if (others.length > 0) throw unusable(name, "it names several indexes", "Point the alias at one index.");
  if (meta === null)
    throw unusable(
      name,
      `it is no index of the format ${elasticsearchFormat}`,
      "Build it with buildElasticsearchIndex.",
    );
  if (meta.id === null) throw unusable(name, `its build did not end`, "Run the same build again: it goes on.");
  const { count } = await client.count({ index });
  const documents = meta.progress.records - meta.progress.rejected;
  if (count !== documents)
    throw unusable(name, `it holds ${count} documents, not the ${documents} it was built of`, "Build the index again.");
  const { id, k1, b, idSpace } = meta;
  return { index, meta, info: { id, engine: `${flavor} ${version}`, name: meta.name, documents, k1, b, idSpace } };
}

const unusable = (name: string, what: string, hint: string): LitmusError =>
  new LitmusError("incompatible", `the index ${name} cannot be searched: ${what}`, { path: "index", hint });
