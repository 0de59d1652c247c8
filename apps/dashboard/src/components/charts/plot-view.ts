import type { NumberFormat } from "../../format/number.ts";
import type { RowPoint } from "./chart-rows.ts";
import type { ChartZoom } from "./chart-zoom.ts";

/** A place on x with a word: where a stage begins. */
export interface ChartMark {
  readonly x: number;
  readonly label: string;
}

/** What a plot is asked to show, besides its lines. */
export interface PlotView {
  /** Null shows all. */
  readonly zoom: ChartZoom | null;
  readonly onZoom: (zoom: ChartZoom | null) => void;
  /** Ids of the series that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  readonly marks: readonly ChartMark[];
  /** Whether each point is marked, with its interval as a bar, and the line between them thin: of curves that have few. */
  readonly hasPoints: boolean;
  /** What y spans at least. */
  readonly domain: readonly [number, number] | undefined;
  /** What x spans at least where nothing is zoomed. */
  readonly span: ChartZoom | undefined;
  readonly formatX: NumberFormat;
  readonly formatY: NumberFormat;
}

/** What stands under the crosshair. */
export interface PlotReading {
  readonly x: number;
  /** Whether it is in the left half, so that what tells of it can stand in the right one. */
  readonly isLeft: boolean;
  readonly values: readonly ReadValue[];
}

/** What a series says under the crosshair. */
export interface ReadValue {
  /** Of the series. */
  readonly id: string;
  /** The point itself, with the interval that its band is drawn of. */
  readonly point: RowPoint;
  /** The average that is drawn; null where none is. */
  readonly smoothed: number | null;
}
