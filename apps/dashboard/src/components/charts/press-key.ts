import type uPlot from "uplot";
import { zoomAround } from "./chart-zoom.ts";
import { nextPlace } from "./next-place.ts";
import { shownRange, wholeRange } from "./plot-ranges.ts";
import type { PlotView } from "./plot-view.ts";

/** What is asked of a plot. */
export type KeyedPlot = Pick<uPlot, "scales" | "data" | "cursor" | "valToPos" | "setCursor"> & {
  readonly over: { readonly clientHeight: number };
};

export type PressedKey = Readonly<Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">>;

const strides: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

/**
 * Moves the crosshair or zooms. With a modifier a key is the browser's: back, or the zoom of the page.
 * @returns whether the key means something to a chart
 */
export function pressKey(plot: KeyedPlot, event: PressedKey, view: Pick<PlotView, "onZoom">): boolean {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return false;
  const shown = shownRange(plot);
  if (key === "+" || key === "-") {
    const at = plot.cursor.idx;
    const place = (at === null || at === undefined ? undefined : plot.data[0][at]) ?? (shown.from + shown.to) / 2;
    view.onZoom(zoomAround(shown, wholeRange(plot), place, key === "+" ? 0.6 : 1 / 0.6));
    return true;
  }
  const stride = strides[key];
  if (stride === undefined) return false;
  const first = plot.data[0].findIndex((x) => x >= shown.from);
  const last = plot.data[0].findLastIndex((x) => x <= shown.to);
  const from = plot.cursor.idx ?? first - Math.sign(stride);
  const x = plot.data[0][nextPlace(plot.data[0], { from, stride, first, last })];
  if (x !== undefined) moveCursor(plot, x);
  return true;
}

function moveCursor(plot: KeyedPlot, x: number): void {
  // The types leave out the third parameter, without which the charts of one key do not follow.
  const move: (at: { left: number; top: number }, isTold: boolean, isShared: boolean) => void =
    plot.setCursor.bind(plot);
  move({ left: plot.valToPos(x, "x"), top: plot.over.clientHeight / 2 }, true, true);
}
