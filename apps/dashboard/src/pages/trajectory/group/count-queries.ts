/** One spelling for queries that differ in case and spaces alone. */
const spelling = (query: string): string => query.trim().toLowerCase().replace(/\s+/g, " ");

/** In how many of the lists each query stands, whatever its case and spaces. */
export function countQueries(lists: readonly (readonly string[])[]): (query: string) => number {
  const counts = new Map<string, number>();
  for (const list of lists)
    for (const query of new Set(list.map(spelling))) counts.set(query, (counts.get(query) ?? 0) + 1);
  return (query) => counts.get(spelling(query)) ?? 0;
}
