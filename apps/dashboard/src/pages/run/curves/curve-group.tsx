import type { RunView } from "@litmus/api";
import { useId, useMemo } from "react";
import type { ReactNode } from "react";
import { ErrorState } from "../../../components/layout/error-state.tsx";
import { Skeleton } from "../../../components/layout/skeleton.tsx";
import type { BoardGroup } from "./board.ts";
import { CurveChart } from "./curve-chart.tsx";
import { spanOf } from "../../../components/curves/curve-series.ts";
import styles from "./curves.module.css";
import { useRunSeries } from "./use-run-series.ts";

export interface CurveGroupProps {
  readonly view: RunView;
  readonly group: BoardGroup;
}

/** Charts that are read together. */
export function CurveGroup({ view, group: { title, charts } }: CurveGroupProps): ReactNode {
  const titleId = useId();
  const { series, x, error, isPending, refetch } = useRunSeries(
    view,
    charts.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
  );
  const { doneSteps } = view.progress;
  const span = useMemo(() => spanOf(series, x === "step" ? doneSteps : 0), [series, x, doneSteps]);
  return (
    <section aria-labelledby={titleId} className={styles.group}>
      <h2 id={titleId}>{title}</h2>
      {error !== null && <ErrorState error={error} onRetry={refetch} />}
      <div className={styles.charts}>
        {charts.map((chart) =>
          isPending ? (
            <Skeleton key={chart.id} height="18rem" label={`Loading ${chart.title}`} />
          ) : (
            <CurveChart key={chart.id} view={view} chart={chart} series={series} x={x} span={span} />
          ),
        )}
      </div>
    </section>
  );
}
