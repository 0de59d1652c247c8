/** @file Tables as CSV (RFC 4180), the same for the page's exports and the command line. */
import type { UncountedEstimate } from "./views/score.ts";
import type { Leaderboard, LeaderboardEntry } from "./views/leaderboard.ts";
import type { RunList, RunRow } from "./views/runs.ts";
import type { SeriesList } from "./views/series.ts";

type Cell = string | number | boolean | null;

/** Quotes what needs it; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lines end in CR LF, the last one too. */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => Cell;
}

const scores = ["exactMatch", "goldRecall", "searchesPerQuestion", "tokensPerCorrect", "secondsPerCorrect"] as const;
const hashes = ["checkpoint", "model", "data", "prompt", "index", "config", "scorer"] as const;

/** An estimate takes four columns; null leaves them empty. */
const estimateColumns = <Row>(name: string, of: (row: Row) => UncountedEstimate | null): Column<Row>[] => [
  { name, cell: (row) => of(row)?.value ?? null },
  { name: `${name}_n`, cell: (row) => of(row)?.n ?? null },
  { name: `${name}_ci95_low`, cell: (row) => of(row)?.ci95?.low ?? null },
  { name: `${name}_ci95_high`, cell: (row) => of(row)?.ci95?.high ?? null },
];

const entryColumns = (set: string | null, categories: readonly string[]): Column<LeaderboardEntry>[] => [
  { name: "rank", cell: ({ rank }) => rank },
  { name: "unranked", cell: ({ unranked }) => unranked },
  { name: "ties", cell: ({ ties }) => ties },
  { name: "run", cell: ({ runId }) => runId },
  { name: "stage", cell: ({ stage }) => stage },
  { name: "step", cell: ({ step }) => step },
  { name: "split", cell: ({ split }) => split },
  { name: "version", cell: ({ version }) => version },
  { name: "chosen_on", cell: ({ chosenOn }) => chosenOn },
  { name: "kind", cell: ({ kind }) => kind },
  { name: "is_baseline", cell: ({ isBaseline }) => isBaseline },
  { name: "model", cell: ({ model }) => model },
  { name: "engine", cell: ({ engine }) => engine },
  { name: "retriever", cell: ({ retriever }) => retriever },
  { name: "seeds", cell: ({ seeds }) => seeds.join(" ") },
  ...scores.flatMap((score) => estimateColumns<LeaderboardEntry>(score, (entry) => entry[score])),
  { name: "sampled_k", cell: ({ sampled }) => sampled?.k ?? null },
  ...estimateColumns<LeaderboardEntry>("sampledExactMatch", ({ sampled }) => sampled?.exactMatch ?? null),
  ...estimateColumns<LeaderboardEntry>("passAtK", ({ sampled }) => sampled?.passAtK ?? null),
  { name: "sampled_failed", cell: ({ sampled }) => sampled?.failed ?? null },
  { name: "failed", cell: ({ failed }) => failed },
  { name: "failure_bound", cell: ({ failureBound }) => failureBound },
  ...categories.flatMap((category) =>
    estimateColumns<LeaderboardEntry>(`exactMatch[${category}]`, ({ byCategory }) => byCategory[category] ?? null),
  ),
  ...hashes.map((hash) => ({ name: `${hash}_hash`, cell: (entry: LeaderboardEntry) => entry.hashes[hash] })),
  { name: "evaluation_set", cell: () => set },
  { name: "created_at", cell: ({ createdAt }) => createdAt },
];

/** The entries as the page shows them, in its order. */
export function leaderboardCsv({
  set,
  entries,
  categories,
}: Pick<Leaderboard, "set" | "entries" | "categories">): string {
  const columns = entryColumns(set?.id ?? null, categories);
  return toCsv(
    columns.map(({ name }) => name),
    entries.map((entry) => columns.map(({ cell }) => cell(entry))),
  );
}

/** The rows with the columns that were asked for, each beside the number of runs that its means are over where there are such. */
export function runsCsv({ columns, rows }: Pick<RunList, "columns" | "rows">): string {
  const shown = columns
    .filter(({ id }) => id !== "id" && rows.some((row) => id in row.cells))
    .flatMap(({ id }): Column<RunRow>[] => [
      { name: id, cell: (row) => row.cells[id] ?? null },
      ...(rows.some((row) => id in row.n) ? [{ name: `${id}_n`, cell: (row: RunRow) => row.n[id] ?? null }] : []),
    ]);
  const all: Column<RunRow>[] = [{ name: "id", cell: ({ id }) => id }, ...shown];
  return toCsv(
    all.map(({ name }) => name),
    rows.map((row) => all.map(({ cell }) => cell(row))),
  );
}

/** One line a point. Where not all points of a curve were sent, each of its lines says so. */
export function seriesCsv({ x, series }: SeriesList): string {
  const rows = series.flatMap((one) =>
    one.x.map((at, i): Cell[] => [
      one.source,
      one.metric,
      one.stage[i] ?? null,
      one.step[i] ?? null,
      at,
      one.y[i] ?? null,
      one.low?.[i] ?? null,
      one.high?.[i] ?? null,
      one.n?.[i] ?? null,
      one.isDownsampled,
    ]),
  );
  const at = x === "step" ? "run_step" : x;
  return toCsv(["source", "metric", "stage", "step", at, "value", "low", "high", "n", "downsampled"], rows);
}
