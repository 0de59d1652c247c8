import { seriesQuery } from "@litmus/api";
import type { ApiClient } from "@litmus/api";
import { expect, it } from "vitest";
import { loadSeries } from "./load-series.ts";

it("asks for all metrics, in their order, and never for more at once than may be asked for", async () => {
  const asked: unknown[] = [];
  const series: ApiClient["series"] = async ({ sources, metrics, x = "step", points }) => {
    seriesQuery.parse({ sources: sources.join(), metrics: metrics.join(), x, points: String(points) });
    asked.push(metrics.length);
    const empty = { runIds: [], x: [], y: [], low: null, high: null, n: null, stage: [], step: [] };
    const counts = { total: 0, isDownsampled: false, notFinite: 0 };
    return { x, series: metrics.map((metric) => ({ source: "run", metric, ...empty, ...counts })) };
  };
  const metrics = Array.from({ length: 85 }, (_, i) => `metric-${i}`);
  const loaded = await loadSeries({ series }, { sources: ["run"], metrics, x: "tokens" });
  expect(asked).toEqual([40, 40, 5]);
  expect(loaded.x).toBe("tokens");
  expect(loaded.series.map(({ metric }) => metric)).toEqual(metrics);
  expect((await loadSeries({ series }, { sources: ["run"], metrics: [], x: "step" })).series).toEqual([]);
});
