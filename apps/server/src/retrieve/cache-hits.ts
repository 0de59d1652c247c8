import { fail, type Retriever, type SearchHit, succeed } from "@litmus/core";

/**
 * A retriever that remembers the hits of the queries asked last. An open retriever searches one index that does not
 * change, so what it once found it would find again; failures are not remembered.
 * @param entries queries remembered at most; each with its number of hits
 */
export function cacheHits(retriever: Retriever, entries: number): Retriever {
  // A map keeps the order of insertion: the first key is the one that was used longest ago.
  const known = new Map<string, readonly SearchHit[]>();
  const remember = (key: string, hits: readonly SearchHit[]): void => {
    known.delete(key);
    known.set(key, hits);
    const [oldest] = known.keys();
    if (known.size > entries && oldest !== undefined) known.delete(oldest);
  };
  return {
    info: retriever.info,
    close: () => retriever.close(),
    search: async (queries, options) => {
      const keyOf = (query: string): string => `${options.topK} ${query}`;
      const found = new Map(queries.map((query) => [query, known.get(keyOf(query))]));
      const unknown = [...found].flatMap(([query, hits]) => (hits === undefined ? [query] : []));
      if (unknown.length > 0) {
        const outcome = await retriever.search(unknown, options);
        if (!outcome.ok) return fail(outcome.failure);
        for (const [place, query] of unknown.entries()) found.set(query, outcome.value[place]);
      }
      for (const [query, hits] of found) remember(keyOf(query), hits ?? []);
      return succeed(queries.map((query) => found.get(query) ?? []));
    },
  };
}
