import type { Comparison, MetricInfo } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { Button } from "../../components/controls/button.tsx";
import { CheckList } from "../../components/controls/check-list.tsx";
import { Select } from "../../components/controls/select.tsx";
import { Slider } from "../../components/controls/slider.tsx";
import { Popover } from "../../components/overlays/popover.tsx";
import { formatNumber } from "../../format/number.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { axisOptions } from "../run/curves/axis-options.ts";
import { SeriesExport } from "../run/curves/series-export.tsx";
import { CompareChart } from "./compare-chart.tsx";
import styles from "./compare.module.css";
import { runLooks } from "./run-labels.ts";
import { compareView } from "./search.ts";
import { firstMetrics } from "./use-first-curves.ts";

/** The runs' curves over one another, a chart for each metric that is chosen. */
export function CompareCurves({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const [{ runs, metrics, x, smooth, zoom }, change] = useViewState(compareView);
  const looks = useMemo(() => runLooks(runs, comparison.runs), [runs, comparison.runs]);
  const chosen = chosenMetrics(comparison.metrics, metrics);
  return (
    <section aria-label="Curves" className={styles.curves}>
      <div className={styles.toolbar}>
        <h2 className={styles.heading}>Curves</h2>
        <Popover label="Metrics" trigger={<Button icon="chart">Metrics</Button>}>
          <CheckList
            label="Metrics"
            options={comparison.metrics.map(({ name, label }) => ({ value: name, label }))}
            chosen={chosen.map(({ name }) => name)}
            onChange={(names) => change({ metrics: names })}
          />
        </Popover>
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
        {zoom !== null && (
          <Button icon="refresh" onClick={() => change({ zoom: null })}>
            Show all
          </Button>
        )}
        <SeriesExport name="compare" sources={runs} metrics={chosen.map(({ name }) => name)} x={x} />
      </div>
      <div className={styles.charts}>
        {chosen.map((metric) => (
          <CompareChart key={metric.name} metric={metric} looks={looks} />
        ))}
      </div>
    </section>
  );
}

function chosenMetrics(metrics: readonly MetricInfo[], names: readonly string[]): readonly MetricInfo[] {
  const wanted = names.length === 0 ? firstMetrics : names;
  const chosen = metrics.filter(({ name }) => wanted.includes(name));
  return chosen.length === 0 ? metrics.slice(0, firstMetrics.length) : chosen;
}
