import type { Outcome, Retriever, SearchHit } from "@litmus/core";
import { recordId, sha256, succeed } from "@litmus/core";

export interface FixedRetriever extends Retriever {
  readonly queries: string[];
}

type Answer =
  | readonly SearchHit[]
  | ((query: string, signal?: AbortSignal) => Promise<Outcome<readonly (readonly SearchHit[])[]>>);

/** A retriever that gives every query the same hits, or what the function resolves to. */
export function fixedRetriever(answer: Answer): FixedRetriever {
  const queries: string[] = [];
  return {
    info: { id: sha256("fixed"), engine: "fixed", name: "fixed", documents: 0, k1: 0.9, b: 0.4, idSpace: "own" },
    queries,
    search: async (asked, options) => {
      queries.push(...asked);
      if (typeof answer === "function") return await answer(asked[0] ?? "", options.signal);
      return succeed(asked.map(() => answer.slice(0, options.topK)));
    },
    close: async () => undefined,
  };
}

/** A hit with the id, title and text. */
export const hit = (id: string, title: string, text: string, rank = 1): SearchHit => ({
  recordId: recordId(id),
  rank,
  score: 10 / rank,
  title,
  text,
});
