import type { Comparison, MetricInfo } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { Button } from "../../components/controls/button.tsx";
import { CheckList } from "../../components/controls/check-list.tsx";
import { Switch } from "../../components/controls/switch.tsx";
import { CurveToolbar } from "../../components/curves/curve-toolbar.tsx";
import { SeriesExport } from "../../components/curves/series-export.tsx";
import { Popover } from "../../components/overlays/popover.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { CompareChart } from "./compare-chart.tsx";
import { comparedCurves } from "./compared-curves.ts";
import styles from "./compare.module.css";
import { runLooks } from "./run-labels.ts";
import { compareView } from "./search.ts";
import { firstMetrics } from "./first-curves.ts";

/** The runs' curves over one another, a chart for each metric that is chosen. */
export function CompareCurves({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const [{ runs, metrics, x, smooth, zoom, seeds: isOverSeeds }, change] = useViewState(compareView);
  const { runs: heads, seeds } = comparison;
  const curves = useMemo(
    () => comparedCurves(runLooks(runs, heads), seeds, isOverSeeds),
    [runs, heads, seeds, isOverSeeds],
  );
  const chosen = chosenMetrics(comparison.metrics, metrics);
  return (
    <section aria-label="Curves" className={styles.curves}>
      <CurveToolbar
        look={{ x, smooth, zoom }}
        onChange={change}
        start={
          <>
            <h2 className={styles.heading}>Curves</h2>
            <Popover label="Metrics" trigger={<Button icon="chart">Metrics</Button>}>
              <CheckList
                label="Metrics"
                options={comparison.metrics.map(({ name, label }) => ({ value: name, label }))}
                chosen={chosen.map(({ name }) => name)}
                onChange={(names) => change({ metrics: names })}
                isRequired
              />
            </Popover>
          </>
        }
        end={
          <SeriesExport
            name="compare"
            sources={curves.map(({ source }) => source)}
            metrics={chosen.map(({ name }) => name)}
            x={x}
          />
        }
      >
        {runs.some((id) => (seeds[id]?.length ?? 0) > 1) && (
          <Switch label="Means over seeds" isOn={isOverSeeds} onChange={(isOn) => change({ seeds: isOn })} />
        )}
      </CurveToolbar>
      <div className={styles.charts}>
        {chosen.map((metric) => (
          <CompareChart key={metric.name} metric={metric} curves={curves} />
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
