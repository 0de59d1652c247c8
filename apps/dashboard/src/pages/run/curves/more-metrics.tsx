import { maxMetrics } from "@litmus/api";
import type { MetricInfo, RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { Button } from "../../../components/controls/button.tsx";
import { CheckList } from "../../../components/controls/check-list.tsx";
import { Popover } from "../../../components/overlays/popover.tsx";
import { useViewState } from "../../../state/use-view-state.ts";
import { runView } from "../search.ts";
import type { BoardGroup } from "./board.ts";
import { CurveGroup } from "./curve-group.tsx";
import styles from "./curves.module.css";

export interface MoreMetricsProps {
  readonly view: RunView;
  readonly others: readonly MetricInfo[];
  readonly group: BoardGroup;
}

/** The metrics that are on no board: found by their words, drawn once they are chosen. */
export function MoreMetrics({ view, others, group }: MoreMetricsProps): ReactNode {
  const [{ more }, change] = useViewState(runView);
  return (
    <div className={styles.more}>
      <div className={styles.choice}>
        <Popover label="More metrics" trigger={<Button icon="plus">More metrics ({others.length})</Button>}>
          <CheckList
            label="More metrics"
            options={others.map(({ name, label }) => ({ value: name, label }))}
            chosen={more}
            most={maxMetrics}
            onChange={(names) => change({ more: names })}
          />
        </Popover>
      </div>
      {group.charts.length > 0 && <CurveGroup view={view} group={group} />}
    </div>
  );
}
