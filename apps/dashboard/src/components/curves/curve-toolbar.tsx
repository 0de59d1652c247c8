import type { XAxis } from "@litmus/api";
import type { ReactNode } from "react";
import { formatNumber } from "../../format/number.ts";
import type { ChartZoom } from "../charts/chart-zoom.ts";
import { Button } from "../controls/button.tsx";
import { Select } from "../controls/select.tsx";
import { Slider } from "../controls/slider.tsx";
import { axisOptions } from "./axis-options.ts";
import styles from "./curve-toolbar.module.css";

/** How curves are drawn. */
export interface CurveLook {
  readonly x: XAxis;
  /** Weight of what came before, in [0, 1). */
  readonly smooth: number;
  /** Part of the axis that is shown; null: all. */
  readonly zoom: ChartZoom | null;
}

export interface CurveToolbarProps {
  readonly look: CurveLook;
  readonly onChange: (change: Partial<CurveLook>) => void;
  /** Before what every chart has. */
  readonly start?: ReactNode;
  /** After it. */
  readonly children?: ReactNode;
  /** At the end of the line. */
  readonly end: ReactNode;
}

/** What holds for all charts of a page. */
export function CurveToolbar({
  look: { x, smooth, zoom },
  onChange,
  start,
  children,
  end,
}: CurveToolbarProps): ReactNode {
  return (
    <div className={styles.toolbar} role="group" aria-label="How curves are drawn">
      {start}
      <Select label="Over" value={x} options={axisOptions} onChange={(axis) => onChange({ x: axis, zoom: null })} />
      <Slider
        label="Smoothing"
        value={smooth}
        low={0}
        high={0.99}
        step={0.01}
        format={(weight) => (weight === 0 ? "off" : formatNumber(weight, 2))}
        onChange={(weight) => onChange({ smooth: weight })}
      />
      {children}
      {zoom !== null && (
        <Button icon="refresh" onClick={() => onChange({ zoom: null })}>
          Show all
        </Button>
      )}
      {end}
    </div>
  );
}
