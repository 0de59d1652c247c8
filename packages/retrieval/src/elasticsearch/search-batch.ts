import type { Client } from "@elastic/elasticsearch";
import { type Outcome, type SearchHit, fail, recordId, succeed } from "@litmus/core";
import { z } from "zod";
import { retrievalFailure } from "../remote/search-failures.ts";
import { failureOfStatus } from "../remote/status-failures.ts";
import { failureOfError } from "./server-errors.ts";

export interface BatchQuery {
  readonly query: string;
  readonly topK: number;
}

export interface BatchTarget {
  readonly client: Client;
  /** A concrete index, never an alias: what is searched must not change under a run. */
  readonly index: string;
  readonly shards: number;
  /** The server's scores are divided by it. */
  readonly scoreFactor: number;
  /** The server gives a query up after so many milliseconds. */
  readonly timeoutMs: number;
}

type HitsOutcome = Outcome<readonly SearchHit[]>;

const answerSchema = z.object({ responses: z.array(z.unknown()) });
const errorSchema = z.object({
  error: z.object({ type: z.string(), reason: z.string().nullish() }),
  status: z.int(),
});
const hitsSchema = z.object({
  timed_out: z.boolean(),
  _shards: z.object({ failed: z.int() }),
  hits: z.object({
    hits: z.array(
      z.object({
        _id: z.string(),
        _score: z.number(),
        _source: z.object({ title: z.string(), text: z.string(), year: z.number().nullish() }),
      }),
    ),
  }),
});

/**
 * Searches a batch in one request (`_msearch`): one outcome a query, in order. A part of an answer is a failure: a
 * shard that was left out or a time that ran out would look like a corpus without the record. Does not reject.
 */
export async function searchBatch(
  target: BatchTarget,
  queries: readonly BatchQuery[],
  signal: AbortSignal,
): Promise<readonly HitsOutcome[]> {
  try {
    const limits = { signal, requestTimeout: target.timeoutMs };
    const body: unknown = await target.client.msearch(toRequest(target, queries), limits);
    const answer = answerSchema.safeParse(body);
    if (answer.success && answer.data.responses.length === queries.length)
      return answer.data.responses.map((response) => toOutcome(response, target.scoreFactor));
    return queries.map(() => malformed("it does not hold one list a query"));
  } catch (error) {
    const outcome = fail(failureOfError(error));
    return queries.map(() => outcome);
  }
}

function toRequest({ index, shards, timeoutMs }: BatchTarget, queries: readonly BatchQuery[]) {
  // A fixed preference sends equal queries to the same copies, whose statistics may differ by deleted documents.
  const header = { allow_partial_search_results: false, preference: "litmus" };
  const searches = queries.flatMap(({ query, topK }) => [
    header,
    {
      query: { match: { contents: { query } } },
      size: topK,
      // By falling score, then by rising id.
      sort: ["_score", "recordId"],
      track_scores: true,
      track_total_hits: false,
      timeout: `${timeoutMs}ms`,
      _source: ["title", "text", "year"],
    },
  ]);
  return { index, searches, ...(shards === 1 ? {} : { search_type: "dfs_query_then_fetch" as const }) };
}

function toOutcome(response: unknown, scoreFactor: number): HitsOutcome {
  const error = errorSchema.safeParse(response);
  if (error.success) {
    const { type, reason } = error.data.error;
    return fail(failureOfStatus(error.data.status, `${type}: ${reason ?? "no reason given"}`));
  }
  const answer = hitsSchema.safeParse(response);
  if (!answer.success) return malformed(z.prettifyError(answer.error));
  if (answer.data.timed_out || answer.data._shards.failed > 0)
    return fail(retrievalFailure("search-partial", "the server answered from a part of the index", true));
  return succeed(
    answer.data.hits.hits.map(({ _id, _score, _source: { title, text, year } }, place) => {
      const hit = { recordId: recordId(_id), rank: place + 1, score: _score / scoreFactor, title, text };
      return typeof year === "number" ? { ...hit, year } : hit;
    }),
  );
}

const malformed = (what: string): Outcome<never> =>
  fail(retrievalFailure("search-malformed-answer", `the server's answer cannot be read: ${what}`, false));
