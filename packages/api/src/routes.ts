/** @file The addresses of the API. `:name` stands for one encoded part. */

export const routes = {
  session: "/api/session",
  events: "/api/events",
  leaderboard: "/api/leaderboard",
  leaderboardCsv: "/api/leaderboard.csv",
  runs: "/api/runs",
  runsCsv: "/api/runs.csv",
  run: "/api/runs/:runId",
  control: "/api/runs/:runId/control",
  series: "/api/series",
  seriesCsv: "/api/series.csv",
  compare: "/api/compare",
  problems: "/api/runs/:runId/problems",
  problem: "/api/runs/:runId/problems/:problemId",
  attempts: "/api/runs/:runId/trajectories",
  trajectory: "/api/trajectories/:trajectoryId",
  tokens: "/api/trajectories/:trajectoryId/tokens",
  askOptions: "/api/ask",
  ask: "/api/ask",
  system: "/api/system",
} as const;
export type Route = (typeof routes)[keyof typeof routes];

type Parameters = Readonly<Record<string, string>>;
/** Lists are joined by commas; undefined is left out. */
export type QueryValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** An address with its parts and parameters filled in. */
export function addressOf(route: Route, parameters: Parameters = {}, query: QueryValues = {}): string {
  const path = route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) search.set(name, Array.isArray(value) ? value.join(",") : String(value));
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
