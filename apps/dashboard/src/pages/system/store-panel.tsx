import type { SystemView } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Panel } from "../../components/layout/panel.tsx";
import { Stat, StatList } from "../../components/layout/stat.tsx";
import { formatBytes, formatCount, formatPercent } from "../../format/number.ts";

/** What is stored, and how much room it takes. */
export function StorePanel({ store }: Pick<SystemView, "store">): ReactNode {
  const { engine, sizeBytes, runs, trajectories, failed } = store;
  return (
    <Panel title="Store">
      <StatList>
        <Stat label="Size" value={formatBytes(sizeBytes)} detail={engine} />
        <Stat label="Runs" value={<Link to="/runs">{formatCount(runs)}</Link>} />
        <Stat label="Trajectories" value={formatCount(trajectories)} />
        <Stat
          label="Failed"
          value={formatCount(failed)}
          detail={trajectories === 0 ? undefined : `${formatPercent(failed / trajectories)} of the trajectories`}
        />
      </StatList>
    </Panel>
  );
}
