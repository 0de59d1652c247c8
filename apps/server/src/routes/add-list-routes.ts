import { leaderboardCsv, leaderboardQuery, routes, runsCsv, runsQuery } from "@litmus/api";
import type { Hono } from "hono";
import { leaderboardView } from "../views/leaderboard/leaderboard-view.ts";
import { runsView } from "../views/runs/runs-view.ts";
import type { LiveReads } from "../views/store-reads.ts";
import { readQuery } from "./read-query.ts";
import { csvAnswer, viewAnswer } from "./view-answer.ts";

/** Lists over all runs. */
export function addListRoutes(app: Hono, reads: LiveReads): void {
  app.get(routes.leaderboard, (context) => {
    const query = readQuery(leaderboardQuery, context);
    return viewAnswer(context, reads, () => leaderboardView(reads, query));
  });
  app.get(routes.leaderboardCsv, (context) => {
    const query = readQuery(leaderboardQuery, context);
    const make = async (): Promise<string> => leaderboardCsv(await leaderboardView(reads, query));
    return csvAnswer(context, reads, { name: "litmus-leaderboard.csv", make });
  });
  app.get(routes.runs, (context) => {
    const query = readQuery(runsQuery, context);
    return viewAnswer(context, reads, () => runsView(reads, query));
  });
  app.get(routes.runsCsv, (context) => {
    const query = readQuery(runsQuery, context);
    const make = async (): Promise<string> => runsCsv(await runsView(reads, query));
    return csvAnswer(context, reads, { name: "litmus-runs.csv", make });
  });
}
