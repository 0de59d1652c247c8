import type { MetricInfo, RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { Button } from "../../../components/controls/button.tsx";
import { Select } from "../../../components/controls/select.tsx";
import { Slider } from "../../../components/controls/slider.tsx";
import { Switch } from "../../../components/controls/switch.tsx";
import { formatNumber } from "../../../format/number.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { runView } from "../search.ts";
import styles from "./curves.module.css";
import { SeriesExport } from "./series-export.tsx";
import { axisOptions } from "./axis-options.ts";

export interface CurveToolbarProps {
  readonly view: RunView;
  /** What is drawn: what an export holds. */
  readonly metrics: readonly MetricInfo[];
}

/** What holds for all charts of the tab. */
export function CurveToolbar({ view, metrics }: CurveToolbarProps): ReactNode {
  const [{ x, smooth, seeds, zoom }, change] = useViewState(runView);
  const isMean = seeds && view.seeds.length > 1;
  return (
    <div className={styles.toolbar} role="group" aria-label="How curves are drawn">
      <Select label="Over" value={x} options={axisOptions} onChange={(axis) => change({ x: axis, zoom: null })} />
      <Slider
        label="Smoothing"
        value={smooth}
        low={0}
        high={0.99}
        step={0.01}
        format={(weight) => (weight === 0 ? "off" : formatNumber(weight, 2))}
        onChange={(weight) => change({ smooth: weight })}
      />
      {view.seeds.length > 1 && (
        <Switch
          label={`Mean of ${view.seeds.length} seeds, with its band`}
          isOn={seeds}
          onChange={(isOn) => change({ seeds: isOn })}
        />
      )}
      {zoom !== null && (
        <Button icon="refresh" onClick={() => change({ zoom: null })}>
          Show all
        </Button>
      )}
      <SeriesExport
        name={view.run.name}
        sources={[isMean ? `seeds:${view.run.id}` : view.run.id]}
        metrics={metrics.map(({ name }) => name)}
        x={x}
      />
    </div>
  );
}
