import { describe, expect, it } from "vitest";
import type { ChartSeries } from "./chart-series.ts";
import { alignLines, plotLines } from "./plot-lines.ts";
import { plotOptions } from "./plot-options.ts";
import type { PlotView } from "./plot-view.ts";
import { shownPoints } from "./shown-points.ts";

const scores: ChartSeries = {
  id: "a",
  label: "a",
  slot: 3,
  x: [0, 10, 20],
  y: [0.2, null, 0.6],
  low: [0.1, null, 0.5],
  high: [0.3, null, 0.7],
};
const lines = plotLines([scores], 0);

function optionsOf(hasPoints: boolean, drawn = lines) {
  const view: PlotView = {
    zoom: null,
    onZoom: () => undefined,
    hidden: new Set(),
    marks: [],
    hasPoints,
    domain: undefined,
    span: undefined,
    formatX: String,
    formatY: String,
  };
  const colours = { grid: "", text: "", crosshair: "", surface: "", series: [] };
  return plotOptions({
    lines: drawn,
    width: 100,
    height: 100,
    syncKey: undefined,
    view: () => view,
    colours: () => colours,
    onCursor: () => undefined,
  });
}

describe("a chart of measured points", () => {
  it("fills no band between them, and joins them by a thin line", () => {
    expect(optionsOf(false).bands).toHaveLength(1);
    expect(optionsOf(true).bands).toEqual([]);
    const widths = (hasPoints: boolean): unknown[] => optionsOf(hasPoints).series.map(({ width }) => width);
    expect([widths(false).at(-1), widths(true).at(-1)]).toEqual([1.75, 1]);
  });

  it("draws more curves than there are colours thin", () => {
    const series = (count: number): ChartSeries[] =>
      Array.from({ length: count }, (_, slot) => ({ ...scores, id: `s${slot}`, slot }));
    const widths = (count: number): unknown[] =>
      optionsOf(false, plotLines(series(count), 0)).series.map(({ width }) => width);
    expect(new Set(widths(8).slice(1))).toEqual(new Set([0, 1.75]));
    expect(new Set(widths(9).slice(1))).toEqual(new Set([0, 1]));
  });

  it("has each point in sight with its interval", () => {
    const plot = {
      data: alignLines(lines),
      series: [{}, ...lines.map(() => ({ show: true }))],
      bbox: { left: 0, width: 15 },
      valToPos: (value: number) => value,
    };
    expect(shownPoints(plot, lines)).toEqual([{ slot: 3, left: 0, top: 0.2, low: 0.1, high: 0.3 }]);
    expect(shownPoints({ ...plot, series: [{}, {}, {}, { show: false }] }, lines)).toEqual([]);
  });
});
