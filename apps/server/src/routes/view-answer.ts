import { sha256 } from "@litmus/core";
import type { Context } from "hono";
import { dataHeaders } from "../security-headers.ts";
import type { LiveReads } from "../views/store-reads.ts";
import { wireJson } from "../wire-json.ts";

const jsonType = "application/json; charset=utf-8";

/**
 * A view as JSON. The same address gives the same answer until a run changes: whoever has that answer is told so, and the view
 * is not made again for anybody.
 * @param make only of stored rows
 */
export async function viewAnswer(context: Context, reads: LiveReads, make: () => Promise<unknown>): Promise<Response> {
  const etag = await storedTag(context, reads);
  if (isKnown(context, etag)) return unchanged(etag);
  const text = await reads.answers.get(etag, async () => wireJson(await make()));
  return answered(text, { etag, "content-type": jsonType });
}

interface Table {
  readonly csv: string;
  /** Which rows of all that match it holds; null of a table that is never cut. */
  readonly part: { readonly offset: number; readonly rows: number; readonly total: number } | null;
}

/** A table of stored rows as a file to keep. Readers of CSV know no comments: headers say where it is cut. @param name of the file */
export async function csvAnswer(
  context: Context,
  reads: LiveReads,
  { name, make }: { readonly name: string; readonly make: () => Promise<Table> },
): Promise<Response> {
  const etag = await storedTag(context, reads);
  if (isKnown(context, etag)) return unchanged(etag);
  const { csv, part } = await make();
  return answered(csv, {
    ...partHeaders(context, part),
    etag,
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}"`,
  });
}

/** How many rows match and, where there are rows after those sent, the address that gives them. */
function partHeaders(context: Context, part: Table["part"]): Record<string, string> {
  if (part === null) return {};
  const { offset, rows, total } = part;
  const next = offset + rows;
  const count = { "x-total-count": String(total) };
  if (rows === 0 || next >= total) return count;
  const query = new URLSearchParams({ ...context.req.query(), offset: String(next) });
  return { ...count, link: `<${context.req.path}?${query.toString()}>; rel="next"` };
}

/** A view that not stored rows alone decide: it is made each time, and sent where it differs. */
export function changingAnswer(context: Context, view: unknown): Response {
  const text = wireJson(view);
  const etag = `"${sha256(text).slice(0, 32)}"`;
  return isKnown(context, etag) ? unchanged(etag) : answered(text, { etag, "content-type": jsonType });
}

/**
 * Every view may show any run: a question was asked in others too, a config has its parent. Another process may serve another store,
 * or make its views otherwise.
 */
async function storedTag(context: Context, reads: LiveReads): Promise<string> {
  await reads.watch.refresh();
  const query = Object.entries(context.req.query()).sort(([a], [b]) => (a < b ? -1 : 1));
  return `"${sha256(JSON.stringify([reads.id, context.req.path, query, reads.watch.stamp()])).slice(0, 32)}"`;
}

const isKnown = (context: Context, etag: string): boolean =>
  (context.req.header("if-none-match") ?? "").split(",").some((known) => known.trim().replace(/^W\//, "") === etag);

const unchanged = (etag: string): Response =>
  new Response(null, { status: 304, headers: { ...dataHeaders, "cache-control": "no-cache", etag } });

const answered = (text: string, headers: Readonly<Record<string, string>>): Response =>
  new Response(text, { headers: { ...dataHeaders, "cache-control": "no-cache", ...headers } });
