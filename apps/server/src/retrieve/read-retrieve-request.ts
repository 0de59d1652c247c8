import { LitmusError } from "@litmus/core";
import { z } from "zod";

/** Hits a query gets unless told: what Search-R1's servers give. */
export const defaultTopK = 3;
/** Queries of one request, at most. */
export const maxQueries = 1_024;
/** Words of a query that count; the rest is left out. */
export const maxQueryWords = 1_024;

export interface RetrieveRequest {
  readonly queries: readonly string[];
  /** From 1 to the server's limit. */
  readonly topK: number;
  readonly returnScores: boolean;
}

const texts = z.union([z.array(z.string()), z.string().transform((text) => [text])]);
const bodySchema = z.object({
  queries: texts.optional(),
  query: texts.optional(),
  topk: z.int().min(0).nullish(),
  return_scores: z.boolean().nullish(),
});

/**
 * Reads what Search-R1's clients and their relatives send: `queries` or `query`, a list or one text; `topk` absent, null
 * or 0 means 3, and more than the limit means the limit; unknown members are ignored.
 * @throws LitmusError `invalid-input`
 */
export function readRetrieveRequest(body: unknown, maxTopK: number): RetrieveRequest {
  const { data } = bodySchema.safeParse(body);
  const queries = data?.queries ?? data?.query;
  if (data === undefined || queries === undefined || queries.length > maxQueries)
    throw new LitmusError("invalid-input", "the body is no search request", {
      hint: `send {"queries": ["…"], "topk": 3, "return_scores": true}, with at most ${maxQueries} queries`,
    });
  return {
    queries: queries.map(firstWords),
    topK: Math.min(data.topk || defaultTopK, maxTopK),
    returnScores: data.return_scores ?? false,
  };
}

function firstWords(query: string): string {
  // A query has at most one word more than white space in it.
  if (query.length < 2 * maxQueryWords) return query;
  return query.trim().split(/\s+/u, maxQueryWords).join(" ");
}
