import {
  leaderboardCsv,
  leaderboardQuery,
  leaderboardTableQuery,
  routes,
  runsCsv,
  runsQuery,
  runsTableQuery,
} from "@litmus/api";
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
    const query = readQuery(leaderboardTableQuery, context);
    const make = async () => {
      const board = await leaderboardView(reads, query);
      const { entries, offset, total } = board;
      return { csv: leaderboardCsv(board), part: { offset, rows: entries.length, total } };
    };
    return csvAnswer(context, reads, { name: "litmus-leaderboard.csv", make });
  });
  app.get(routes.runs, (context) => {
    const query = readQuery(runsQuery, context);
    return viewAnswer(context, reads, () => runsView(reads, query));
  });
  app.get(routes.runsCsv, (context) => {
    const query = readQuery(runsTableQuery, context);
    const make = async () => {
      const list = await runsView(reads, query);
      const { rows, offset, total } = list;
      return { csv: runsCsv(list), part: { offset, rows: rows.length, total } };
    };
    return csvAnswer(context, reads, { name: "litmus-runs.csv", make });
  });
}
