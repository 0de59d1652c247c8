import type { Page, RunId } from "@litmus/core";

/** All rows, or those of a page, read in pages of at most `largest`. */
export async function inPages<T>(
  page: Page | undefined,
  largest: number,
  read: (part: Page) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const first = page?.offset ?? 0;
  const end = page === undefined ? Infinity : first + page.limit;
  const found: T[] = [];
  for (;;) {
    const offset = first + found.length;
    const limit = Math.min(largest, end - offset);
    if (limit < 1) return found;
    const rows = await read({ offset, limit });
    for (const row of rows) found.push(row);
    if (rows.length < limit) return found;
  }
}

/** The rows of runs by their ids, read for at most `largest` runs at a time. */
export async function inChunks<T>(
  runIds: readonly RunId[],
  largest: number,
  read: (part: readonly RunId[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const ids = [...new Set(runIds)].toSorted();
  const found: T[] = [];
  for (let start = 0; start < ids.length; start += largest)
    for (const row of await read(ids.slice(start, start + largest))) found.push(row);
  return found;
}
