import {
  leaderboardCsv,
  leaderboardQuery,
  maxRows,
  runsCsv,
  runsQuery,
  seriesCsv,
  type Leaderboard,
  type RunList,
  type SeriesQuery,
} from "@litmus/api";
import { LitmusError, runId, type TrajectoryId } from "@litmus/core";
import { allSeries, createStoreReads, leaderboardView, runsView, type LiveReads } from "@litmus/server";
import type { JsonLine } from "../output/json-line.ts";
import { withStoredRuns, type StoreLocation } from "../wiring/with-stored-runs.ts";

/** @file Tables and records on stdout, made by the functions that the page's are made by. */

interface ExportOptions extends StoreLocation {
  readonly json: boolean;
}

interface LeaderboardOptions extends ExportOptions {
  readonly set?: string | undefined;
  readonly which: "last" | "all";
}

/** `litmus export leaderboard`: all policies of a set, as the page shows them. */
export async function exportLeaderboard({ set, which, ...options }: LeaderboardOptions): Promise<void> {
  await withReads(options, async (reads) => {
    const query = leaderboardQuery.parse({ which, limit: maxRows, ...(set === undefined ? {} : { set }) });
    const board = await allPages<Leaderboard>((offset) => leaderboardView(reads, { ...query, offset }), "entries");
    print(options, { type: "leaderboard", ...board }, () => leaderboardCsv(board));
  });
}

/** `litmus export runs`: every run with every column. */
export async function exportRuns(options: ExportOptions): Promise<void> {
  await withReads(options, async (reads) => {
    const { columns } = await runsView(reads, runsQuery.parse({ limit: 1 }));
    const query = {
      ...runsQuery.parse({ limit: maxRows }),
      columns: columns.map(({ id }) => id).filter((id) => id !== "id"),
    };
    const list = await allPages<RunList>((offset) => runsView(reads, { ...query, offset }), "rows");
    print(options, { type: "runs", ...list }, () => runsCsv(list));
  });
}

interface SeriesOptions extends ExportOptions {
  readonly x: SeriesQuery["x"];
}

/** `litmus export series <run>`: every point of its curves. */
export async function exportSeries(id: string, { x, ...options }: SeriesOptions): Promise<void> {
  await withReads(options, async (reads) => {
    const list = await allSeries(reads, runId(id), x);
    print(options, { type: "series", ...list }, () => seriesCsv(list));
  });
}

/** `litmus export trajectory <id>`: its record, with every token. */
export async function exportTrajectory(id: string, options: StoreLocation): Promise<void> {
  await withStoredRuns(options, async (store) => {
    const stored = await store.trajectory(id as TrajectoryId);
    if (stored === null)
      throw new LitmusError("not-found", `there is no trajectory ${id}`, { hint: "its id stands on its page" });
    print({ json: true }, { type: "trajectory", ...stored }, () => "");
  });
}

async function withReads(location: StoreLocation, work: (reads: LiveReads) => Promise<void>): Promise<void> {
  await withStoredRuns(location, (store) => work(createStoreReads({ store })));
}

/** The first page of a view, with the rows of all. */
async function allPages<View extends { readonly total: number }>(
  page: (offset: number) => Promise<View>,
  rows: keyof View,
): Promise<View> {
  const first = await page(0);
  const all = [...(first[rows] as readonly unknown[])];
  while (all.length < first.total) {
    const more = (await page(all.length))[rows] as readonly unknown[];
    if (more.length === 0) break;
    all.push(...more);
  }
  return { ...first, [rows]: all };
}

/** Nothing but the data is printed: no line break is added to it. */
function print({ json }: { readonly json: boolean }, line: JsonLine, csv: () => string): void {
  process.stdout.write(json ? `${JSON.stringify(line)}\n` : csv());
}
