import { type Failure, type IndexInfo, LitmusError, type Retriever, type SearchHit } from "@litmus/core";
import type { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { errorAnswer, recordAnswer } from "../answer.ts";
import { requireJson } from "../require-json.ts";
import { cacheHits } from "./cache-hits.ts";
import { maxQueries, readRetrieveRequest } from "./read-retrieve-request.ts";

export interface RetrieveOptions {
  readonly retriever: Retriever;
  /**
   * The member `contents`: `clean` is the title, a line break and the text; `compat` is the one line of PaperSearchQA's
   * corpus, `TITLE: ‹title›. ABSTRACT: ‹text›`. Default `clean`.
   */
  readonly contents?: "clean" | "compat";
  /** Hits of a query, at most: a larger `topk` gets as many. Default 100. */
  readonly maxTopK?: number;
  /** For a request, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Queries whose hits are remembered. Default 10,000; 0 remembers none. */
  readonly cachedQueries?: number;
}

/** Bytes of a request's body, at most. */
const maxBodyBytes = 4 * 1024 * 1024;
const defaultMaxTopK = 100;

/** What `/health` tells of the index and of what one request may ask for. */
export function describeRetrieve({ retriever, maxTopK = defaultMaxTopK }: RetrieveOptions) {
  return { index: retriever.info, limits: { topk: maxTopK, queries: maxQueries } };
}

/**
 * Serves `POST /retrieve` as Search-R1 and PaperSearchQA know it, over any retriever.
 * @see github.com/PeterGriffinJin/Search-R1, search_r1/search/retrieval_server.py
 */
export function addRetrieveRoute(app: Hono, options: RetrieveOptions): void {
  const { contents = "clean", maxTopK = defaultMaxTopK, timeoutMs = 30_000, cachedQueries = 10_000 } = options;
  const retriever = cachedQueries === 0 ? options.retriever : cacheHits(options.retriever, cachedQueries);
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: () => errorAnswer(new LitmusError("invalid-input", `a request holds at most ${maxBodyBytes} bytes`), 413),
  });
  app.post("/retrieve", limit, requireJson, async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const request = readOr422(body, maxTopK);
    if (request instanceof Response) return request;
    const { queries, topK, returnScores } = request;
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([context.req.raw.signal, deadline]);
    const outcome = await retriever.search(queries, { topK, signal });
    if (!outcome.ok) return failureAnswer(outcome.failure);
    const show = (hit: SearchHit) => {
      const document = toDocument(hit, retriever.info.idSpace, contents);
      return returnScores ? { document, score: hit.score } : document;
    };
    return recordAnswer({ result: outcome.value.map((hits) => hits.map(show)) });
  });
}

function readOr422(body: unknown, maxTopK: number): ReturnType<typeof readRetrieveRequest> | Response {
  try {
    return readRetrieveRequest(body, maxTopK);
  } catch (error) {
    if (LitmusError.isInstance(error)) return errorAnswer(error, 422);
    throw error;
  }
}

function toDocument(
  { recordId, title, text, year }: SearchHit,
  idSpace: IndexInfo["idSpace"],
  contents: "clean" | "compat",
) {
  return {
    id: recordId,
    pmid: idSpace === "pubmed" ? recordId : null,
    title,
    text,
    contents: contents === "clean" ? `${title}\n${text}` : oneLine(`TITLE: ${title}. ABSTRACT: ${text}`),
    ...(year === undefined ? {} : { year }),
  };
}

const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/gu, " ");

function failureAnswer({ boundary, message, retryable }: Failure): Response {
  const status = boundary === "timeout" ? 504 : retryable ? 503 : 500;
  return errorAnswer(new LitmusError("unavailable", message, { retryable }), status);
}
