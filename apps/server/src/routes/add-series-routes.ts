import { compareQuery, routes, seriesCsv, seriesQuery } from "@litmus/api";
import type { Hono } from "hono";
import { compareView } from "../views/compare/compare-view.ts";
import { seriesView } from "../views/series/series-view.ts";
import type { LiveReads } from "../views/store-reads.ts";
import { readQuery } from "./read-query.ts";
import { csvAnswer, viewAnswer } from "./view-answer.ts";

/** Curves of runs, and runs beside each other. */
export function addSeriesRoutes(app: Hono, reads: LiveReads): void {
  app.get(routes.series, (context) => {
    const query = readQuery(seriesQuery, context);
    return viewAnswer(context, reads, () => seriesView(reads, query));
  });
  app.get(routes.compare, (context) => {
    const query = readQuery(compareQuery, context);
    return viewAnswer(context, reads, () => compareView(reads, query));
  });
  app.get(routes.seriesCsv, (context) => {
    const query = readQuery(seriesQuery, context);
    const make = async () => ({ csv: seriesCsv(await seriesView(reads, query)), part: null });
    return csvAnswer(context, reads, { name: "litmus-series.csv", make });
  });
}
