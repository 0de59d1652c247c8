import type { ProblemView } from "@litmus/api";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { SeriesSwatch } from "../../../components/charts/series-swatch.tsx";
import { Switch } from "../../../components/controls/switch.tsx";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { formatNumber } from "../../../format/number.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import styles from "../problem.module.css";
import { problemView, purposes } from "../search.ts";
import { GroupChart } from "./group-chart.tsx";
import type { GroupCurve } from "./group-chart.tsx";
import { GroupTable } from "./group-table.tsx";

/** How the reward of the question's groups moved over the run, drawn and as a table. */
export function GroupPanel({ view: { groups } }: { readonly view: ProblemView }): ReactNode {
  const [{ table }, setView] = useViewState(problemView);
  const curves = useMemo(() => curvesOf(groups), [groups]);
  return (
    <Panel
      title="Reward over the run"
      description="A point is the members of a group with one reward, larger the more they are; the line is the group's mean."
      actions={<Switch label="As a table" isOn={table} onChange={(next) => setView({ table: next })} />}
    >
      {curves.length === 0 ? (
        <EmptyState title="Nothing was scored yet" />
      ) : (
        <>
          <ul className={styles.legend}>
            {curves.map(({ purpose, slot }) => (
              <li key={purpose}>
                <SeriesSwatch slot={slot} /> {purpose}
              </li>
            ))}
          </ul>
          {table ? (
            <GroupTable groups={groups} />
          ) : (
            <div className={styles.chart}>
              <GroupChart label={curves.map(sentenceOf).join(" ")} curves={curves} />
            </div>
          )}
        </>
      )}
    </Panel>
  );
}

/** Each purpose has its own look, whichever of them there are. */
function curvesOf(groups: ProblemView["groups"]): GroupCurve[] {
  return purposes
    .map((purpose, slot) => ({ slot, purpose, groups: groups.filter((group) => group.purpose === purpose) }))
    .filter((curve) => curve.groups.some(({ mean }) => mean !== null));
}

function sentenceOf({ purpose, groups }: GroupCurve): string {
  const means = groups.map(({ mean }) => mean).filter((mean) => mean !== null);
  return `Mean reward in ${purpose}: from ${formatNumber(means[0] ?? null)} to ${formatNumber(means.at(-1) ?? null)} over ${groups.length} groups.`;
}
