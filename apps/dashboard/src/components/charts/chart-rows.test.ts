import { describe, expect, it } from "vitest";
import { chartRows } from "./chart-rows.ts";
import type { ChartSeries } from "./chart-series.ts";

const line = (patch: Partial<ChartSeries>): ChartSeries => ({ id: "a", label: "a", slot: 0, x: [], y: [], ...patch });

describe("chartRows", () => {
  it("keeps points of one place apart by their stage and step", () => {
    const stages = { stage: ["sft", "sft", "grpo"], step: [1, 2, 1] };
    const rows = chartRows([line({ x: [0, 0, 0], y: [3, 2, 1], ...stages })], null);
    expect(rows.map(({ stage, step, points }) => [stage, step, points.get("a")?.y])).toEqual([
      ["sft", 1, 3],
      ["sft", 2, 2],
      ["grpo", 1, 1],
    ]);
  });

  it("puts what several series say of one step into one row, with intervals and numbers of runs", () => {
    const stages = { stage: ["grpo"], step: [4] };
    const mean = line({ x: [4], y: [0.5], low: [0.4], high: [0.6], n: [2], ...stages });
    const [row, ...others] = chartRows([mean, line({ id: "b", x: [4], y: [null], ...stages })], null);
    expect(others).toEqual([]);
    expect([...(row?.points ?? [])]).toEqual([
      ["a", { y: 0.5, low: 0.4, high: 0.6, n: 2 }],
      ["b", { y: null, low: null, high: null, n: null }],
    ]);
  });

  it("keeps to the range shown, and ascends", () => {
    const rows = chartRows([line({ x: [1, 5], y: [1, 2] }), line({ id: "b", x: [2, 3], y: [1, 2] })], {
      from: 1,
      to: 3,
    });
    expect(rows.map(({ x }) => x)).toEqual([1, 2, 3]);
  });
});
