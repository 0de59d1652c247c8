import type { RunView } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { useViewState } from "../../../state/use-view-state.ts";
import { runView } from "../search.ts";
import { chartOf, fixedBoard, otherMetrics } from "./board.ts";
import { CurveGroup } from "./curve-group.tsx";
import { RunCurveToolbar } from "./run-curve-toolbar.tsx";
import styles from "./curves.module.css";
import { MoreMetrics } from "./more-metrics.tsx";

/** A fixed board of curves, and whatever else is chosen under it; all share their x, zoom and crosshair. */
export function CurvesTab({ view }: { readonly view: RunView }): ReactNode {
  const [{ more }] = useViewState(runView);
  const { metrics } = view;
  const board = useMemo(() => fixedBoard(metrics), [metrics]);
  const others = useMemo(() => otherMetrics(metrics), [metrics]);
  const chosen = useMemo(
    () => ({
      id: "more",
      title: "More",
      charts: others.filter(({ name }) => more.includes(name)).map(chartOf),
    }),
    [others, more],
  );
  if (metrics.length === 0)
    return (
      <EmptyState title="No curves yet">They begin when the first step ends; this page shows it at once.</EmptyState>
    );
  const drawn = [...board, chosen].flatMap(({ charts }) => charts.flatMap((chart) => chart.metrics));
  return (
    <div className={styles.tab}>
      <RunCurveToolbar view={view} metrics={drawn} />
      {board.map((group) => (
        <CurveGroup key={group.id} view={view} group={group} />
      ))}
      {others.length > 0 && <MoreMetrics view={view} others={others} group={chosen} />}
    </div>
  );
}
