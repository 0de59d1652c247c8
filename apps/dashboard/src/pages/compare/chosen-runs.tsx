import { maxCompared } from "@litmus/api";
import type { Comparison } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { SeriesSwatch } from "../../components/charts/series-swatch.tsx";
import { Checkbox } from "../../components/controls/checkbox.tsx";
import { IconButton } from "../../components/controls/icon-button.tsx";
import { Panel } from "../../components/layout/panel.tsx";
import { StatusBadge } from "../../components/layout/status-badge.tsx";
import { RunSearch } from "../../components/choice/run-search.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import styles from "./compare.module.css";
import { comparedCurves } from "./compared-curves.ts";
import { runLooks } from "./run-labels.ts";
import type { RunLook } from "./run-labels.ts";
import { compareView } from "./search.ts";

/** The runs that are compared, each with its line, which several share where means are drawn; the tick hides its curves alone. */
export function ChosenRuns({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const [{ runs, hidden, seeds: isOverSeeds }, change] = useViewState(compareView);
  const looks = runLooks(runs, comparison.runs);
  const curves = comparedCurves(looks, comparison.seeds, isOverSeeds);
  const draw = (id: string, isDrawn: boolean): void =>
    change({ hidden: isDrawn ? hidden.filter((one) => one !== id) : [...hidden, id] });
  const remove = (id: string): void =>
    change({ runs: runs.filter((one) => one !== id), hidden: hidden.filter((one) => one !== id), offset: 0 }, "push");
  return (
    <Panel
      title="Runs"
      actions={
        runs.length < maxCompared ? (
          <RunSearch
            label="Add a run"
            except={runs}
            onChoose={(id) => change({ runs: [...runs, id], offset: 0 }, "push")}
          />
        ) : (
          <span>{maxCompared} runs are compared at most: remove one to add another.</span>
        )
      }
    >
      <ul className={styles.runs}>
        {looks.map((look) => {
          const curve = curves.find(({ runIds }) => runIds.includes(look.run.id));
          return curve === undefined ? null : (
            <ChosenRun
              key={look.run.id}
              look={look}
              slot={curve.slot}
              isDrawn={!hidden.includes(curve.id)}
              onDraw={(isDrawn) => draw(curve.id, isDrawn)}
              onRemove={() => remove(look.run.id)}
            />
          );
        })}
      </ul>
    </Panel>
  );
}

interface ChosenRunProps {
  readonly look: RunLook;
  /** Of its line. */
  readonly slot: number;
  readonly isDrawn: boolean;
  readonly onDraw: (isDrawn: boolean) => void;
  readonly onRemove: () => void;
}

function ChosenRun({ look: { run, label }, slot, isDrawn, onDraw, onRemove }: ChosenRunProps): ReactNode {
  return (
    <li className={styles.run}>
      <Checkbox label={`Draw ${label}`} hasHiddenLabel isChecked={isDrawn} onCheckedChange={onDraw} />
      <SeriesSwatch slot={slot} />
      <Link to="/runs/$runId" params={{ runId: run.id }} className={styles.name ?? ""}>
        {label}
      </Link>
      <StatusBadge status={run.status} />
      <IconButton icon="close" size="small" label={`Remove ${label}`} onClick={onRemove} />
    </li>
  );
}
