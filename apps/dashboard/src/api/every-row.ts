/**
 * All rows of a list, page by page: one answer holds so many at most.
 * @param load the page that begins with a row
 */
export async function everyRow<View extends { readonly total: number }, Row>(
  load: (offset: number) => Promise<View>,
  rowsOf: (view: View) => readonly Row[],
): Promise<{ readonly first: View; readonly rows: readonly Row[] }> {
  const first = await load(0);
  const rows = [...rowsOf(first)];
  while (rows.length < first.total) {
    const more = rowsOf(await load(rows.length));
    if (more.length === 0) break;
    rows.push(...more);
  }
  return { first, rows };
}
