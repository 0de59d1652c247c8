import { seedsPrefix } from "@litmus/api";
import type { MetricInfo, RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { Switch } from "../../../components/controls/switch.tsx";
import { CurveToolbar } from "../../../components/curves/curve-toolbar.tsx";
import { SeriesExport } from "../../../components/curves/series-export.tsx";
import { useViewState } from "../../../state/use-view-state.ts";
import { runView } from "../search.ts";

export interface RunCurveToolbarProps {
  readonly view: RunView;
  /** What is drawn: what an export holds. */
  readonly metrics: readonly MetricInfo[];
}

/** What holds for all charts of the tab, of one run or of its seeds. */
export function RunCurveToolbar({ view, metrics }: RunCurveToolbarProps): ReactNode {
  const [look, change] = useViewState(runView);
  const isMean = look.seeds && view.seeds.length > 1;
  const exported = (
    <SeriesExport
      name={view.run.name}
      sources={[isMean ? `${seedsPrefix}${view.run.id}` : view.run.id]}
      metrics={metrics.map(({ name }) => name)}
      x={look.x}
    />
  );
  return (
    <CurveToolbar look={look} onChange={change} end={exported}>
      {view.seeds.length > 1 && (
        <Switch
          label={`Mean of ${view.seeds.length} seeds, with its band`}
          isOn={look.seeds}
          onChange={(isOn) => change({ seeds: isOn })}
        />
      )}
    </CurveToolbar>
  );
}
