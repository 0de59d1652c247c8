import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { watchTheme } from "../../theme/watch-theme.ts";
import { zoomAround } from "./chart-zoom.ts";
import styles from "./line-chart.module.css";
import { readColours } from "./plot-colours.ts";
import type { PlotColours } from "./plot-colours.ts";
import { alignLines } from "./plot-lines.ts";
import type { PlotLine } from "./plot-lines.ts";
import { plotOptions } from "./plot-options.ts";
import { shownRange, wholeRange } from "./plot-ranges.ts";
import { pressKey } from "./press-key.ts";
import { readingAt } from "./reading-at.ts";
import type { PlotReading, PlotView } from "./plot-view.ts";

export interface PlotProps {
  readonly label: string;
  readonly lines: readonly PlotLine[];
  readonly view: PlotView;
  readonly height: number;
  readonly syncKey: string | undefined;
  /** Null when the crosshair has left. Not told of crosshairs that follow another chart's. */
  readonly onReading: (reading: PlotReading | null) => void;
}

/** uPlot in React: made anew only when its lines are others; new values, zoom and hidden lines are handed to it. */
export function Plot({ label, lines, view, height, syncKey, onReading }: PlotProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = useMemo(() => alignLines(lines), [lines]);
  const latest = useRef({ lines, data, view, onReading });
  useLayoutEffect(() => {
    latest.current = { lines, data, view, onReading };
  });
  /** Whether it was made after the last render: then it has drawn what the effects below would hand to it. */
  const isNew = useRef(false);
  const form = JSON.stringify([view.hasPoints, ...lines.map(({ series, role }) => [series.id, series.slot, role])]);

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    let colours: PlotColours = readColours(element);
    const made = new uPlot(
      plotOptions({
        lines: latest.current.lines,
        width: element.clientWidth,
        height,
        syncKey,
        view: () => latest.current.view,
        colours: () => colours,
        onCursor: (source) => {
          if (!element.matches(":hover, :focus")) return;
          latest.current.onReading(readingAt(source, latest.current.lines));
        },
      }),
      latest.current.data,
      element,
    );
    plot.current = made;
    isNew.current = true;
    const sizes = new ResizeObserver(() => {
      // It tells of the first size too, which the plot was made with.
      if (element.clientWidth !== made.width) made.setSize({ width: element.clientWidth, height });
    });
    sizes.observe(element);
    const unwatch = watchTheme(() => {
      colours = readColours(element);
      made.redraw(false, true);
    });
    const wheel = (event: WheelEvent): void => zoomByWheel(made, event, latest.current.view);
    made.over.addEventListener("wheel", wheel, { passive: false });
    return () => {
      unwatch();
      sizes.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [form, height, syncKey]);

  useEffect(() => {
    if (!isNew.current) plot.current?.setData(data);
  }, [data, view.zoom, view.domain, view.span, view.marks]);
  useEffect(() => {
    if (isNew.current) return;
    const { lines: all } = latest.current;
    plot.current?.batch(() =>
      all.forEach(({ series }, i) => plot.current?.setSeries(i + 1, { show: !view.hidden.has(series.id) }, false)),
    );
  }, [view.hidden]);
  useEffect(() => {
    isNew.current = false;
  });

  const press = (event: KeyboardEvent): void => {
    if (plot.current !== null && pressKey(plot.current, event, view)) event.preventDefault();
  };
  return (
    <div
      ref={host}
      className={styles.plot}
      style={{ height }}
      role="application"
      aria-roledescription="chart"
      aria-label={`${label}. Arrow keys read its points, plus and minus zoom.`}
      tabIndex={0}
      onKeyDown={press}
      onBlur={() => onReading(null)}
      onPointerLeave={() => onReading(null)}
    />
  );
}

function zoomByWheel(plot: uPlot, event: WheelEvent, view: PlotView): void {
  // A bare wheel scrolls the page.
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
  event.preventDefault();
  const place = plot.posToVal(event.offsetX, "x");
  view.onZoom(zoomAround(shownRange(plot), wholeRange(plot), place, (event.deltaY || event.deltaX) > 0 ? 1.25 : 0.8));
}
