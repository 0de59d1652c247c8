import type uPlot from "uplot";
import { tickLabels } from "./axis-ticks.ts";
import type { ChartMark, PlotView } from "./plot-view.ts";
import { withAlpha } from "./plot-colours.ts";
import type { PlotColours } from "./plot-colours.ts";
import type { PlotLine } from "./plot-lines.ts";
import { markerPath } from "./marker-path.ts";
import { tickSteps, xRange, yRange } from "./plot-axes.ts";
import { shownPoints } from "./shown-points.ts";
import { colourCount, seriesLook } from "./series-look.ts";

export interface PlotOptions {
  readonly lines: readonly PlotLine[];
  readonly width: number;
  readonly height: number;
  readonly syncKey: string | undefined;
  /** What is true when the plot asks: it is not made anew when only that changed. */
  readonly view: () => PlotView;
  readonly colours: () => PlotColours;
  readonly onCursor: (plot: uPlot) => void;
}

const pixelRatio = (): number => window.devicePixelRatio;
const axisFont = `11px system-ui, sans-serif`;

/** How uPlot draws the lines. */
export function plotOptions(options: PlotOptions): uPlot.Options {
  const { lines, width, height, view, colours, onCursor } = options;
  return {
    width,
    height,
    legend: { show: false },
    padding: [10, 20, 0, 0],
    scales: {
      x: { time: false, range: (_, low, high) => xRange(view(), low, high) },
      y: { range: (_, low, high) => yRange(view().domain, low, high) },
    },
    axes: axes(options),
    series: [{}, ...lines.map((line) => lineOptions(line, options))],
    bands: view().hasPoints ? [] : bands(lines, colours),
    cursor: cursorOptions(options),
    hooks: {
      setCursor: [onCursor],
      setSelect: [(plot) => zoomToSelection(plot, view().onZoom)],
      draw: [
        (plot) => drawMarks(plot, view().marks, colours()),
        (plot) => (view().hasPoints ? drawPoints : drawEnds)(plot, lines, colours()),
      ],
    },
  };
}

function axes({ view, colours }: PlotOptions): uPlot.Axis[] {
  const shared = {
    font: axisFont,
    stroke: () => colours().text,
    grid: { stroke: () => colours().grid, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...shared,
      size: 26,
      space: 64,
      grid: { show: false },
      incrs: (plot) => [...tickSteps(plot.data[0])],
      values: (_, ticks) => tickLabels(ticks, view().formatX),
    },
    {
      ...shared,
      space: 36,
      size: (_, labels) => 14 + 6.5 * Math.max(3, ...(labels ?? []).map((label) => label.length)),
      values: (_, ticks) => tickLabels(ticks, view().formatY),
    },
  ];
}

/**
 * More curves than colours are drawn thin: they overlap, and without a GPU a wide line takes several times as long. Hidden ones count, so
 * that hiding one changes nothing of the others.
 */
function lineWidth({ role }: PlotLine, { lines, view }: PlotOptions): number {
  if (role === "low" || role === "high") return 0;
  const isCrowded = lines.filter((line) => line.role === "value").length > colourCount;
  return role === "raw" || view().hasPoints || isCrowded ? 1 : 1.75;
}

function lineOptions(line: PlotLine, options: PlotOptions): uPlot.Series {
  const { series, role } = line;
  const { view, colours } = options;
  const { dash } = seriesLook(series.slot);
  const paint = (): string => slotColour(series.slot, colours());
  const show = !view().hidden.has(series.id);
  const isEdge = role === "low" || role === "high";
  const { hasPoints } = view();
  return {
    show,
    label: series.id,
    stroke: () => (isEdge ? "transparent" : role === "raw" ? withAlpha(paint(), 0.3) : paint()),
    width: lineWidth(line, options),
    ...(role === "value" ? { dash: [...dash] } : {}),
    points: role === "value" && !hasPoints ? { size: 5, fill: paint, stroke: paint } : { show: false },
  };
}

/** Between the two edges of a series; its own colour, let through. */
function bands(lines: readonly PlotLine[], colours: () => PlotColours): uPlot.Band[] {
  return lines.flatMap(({ role, series }, i) =>
    role === "low"
      ? [
          {
            series: [i + 2, i + 1] as [number, number],
            fill: () => withAlpha(slotColour(series.slot, colours()), 0.16),
          },
        ]
      : [],
  );
}

function cursorOptions({ lines, syncKey, view, colours }: PlotOptions): uPlot.Cursor {
  const isRead = (index: number): boolean => lines[index - 1]?.role === "value";
  // A chart tells the others where its crosshair is. What is dragged or pressed stays its own: zoom is shared by who holds it.
  const isPlace = (type: string): boolean => type === "mousemove" || type === "mouseleave";
  return {
    y: false,
    drag: { x: true, y: false, setScale: false },
    ...(syncKey === undefined
      ? {}
      : { sync: { key: syncKey, setSeries: false, filters: { pub: isPlace, sub: isPlace } } }),
    points: {
      show: true,
      size: (_, index) => (isRead(index) ? 8 : 0),
      width: 1.5,
      stroke: () => colours().surface,
      fill: (_, index) => slotColour(lines[index - 1]?.series.slot ?? 0, colours()),
    },
    bind: {
      dblclick: () => () => {
        view().onZoom(null);
        return null;
      },
    },
  };
}

const leastDragPx = 4;

function zoomToSelection(plot: uPlot, onZoom: PlotView["onZoom"]): void {
  const { left, width } = plot.select;
  if (width < leastDragPx) return;
  onZoom({ from: plot.posToVal(left, "x"), to: plot.posToVal(left + width, "x") });
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** Vertical lines with a word at their top. */
function drawMarks(plot: uPlot, marks: readonly ChartMark[], { crosshair, text }: PlotColours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = crosshair;
  ctx.fillStyle = text;
  ctx.font = `${11 * pixelRatio()}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.setLineDash([2 * pixelRatio(), 3 * pixelRatio()]);
  for (const { x, label } of marks) {
    const at = Math.round(plot.valToPos(x, "x", true));
    if (at < bbox.left || at > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(label, at + 4 * pixelRatio(), bbox.top);
  }
  ctx.restore();
}

/** Every point that is shown as its marker, with a bar from the lower to the upper end of its interval. */
function drawPoints(plot: uPlot, lines: readonly PlotLine[], colours: PlotColours): void {
  const { ctx } = plot;
  ctx.save();
  ctx.lineWidth = 1.5 * pixelRatio();
  // The lines between them may be dashed; the bars are not.
  ctx.setLineDash([]);
  for (const { left, top, low, high, slot } of shownPoints(plot, lines)) {
    const cap = 4 * pixelRatio();
    ctx.strokeStyle = slotColour(slot, colours);
    ctx.fillStyle = slotColour(slot, colours);
    if (low !== null && high !== null)
      ctx.stroke(
        new Path2D(`M${left} ${low}V${high}M${left - cap} ${low}h${2 * cap}M${left - cap} ${high}h${2 * cap}`),
      );
    ctx.fill(new Path2D(markerPath(seriesLook(slot).marker, left, top, 3.5 * pixelRatio())));
  }
  ctx.restore();
}

/** A marker of its form at the end of each line that is shown. */
function drawEnds(plot: uPlot, lines: readonly PlotLine[], colours: PlotColours): void {
  const { ctx, bbox } = plot;
  lines.forEach(({ series, role }, i) => {
    if (role !== "value" || plot.series[i + 1]?.show !== true) return;
    const values = plot.data[i + 1] ?? [];
    const end = values.findLastIndex((value) => value !== null && value !== undefined);
    const [x, y] = [plot.data[0][end], values[end]];
    if (x === undefined || y === null || y === undefined) return;
    const [left, top] = [plot.valToPos(x, "x", true), plot.valToPos(y, "y", true)];
    if (left < bbox.left || left > bbox.left + bbox.width + 1) return;
    ctx.fillStyle = slotColour(series.slot, colours);
    ctx.fill(new Path2D(markerPath(seriesLook(series.slot).marker, left, top, 3.5 * pixelRatio())));
  });
}

/** The colour of a slot. */
export const slotColour = (slot: number, { series, text }: PlotColours): string => series[slot % colourCount] ?? text;
