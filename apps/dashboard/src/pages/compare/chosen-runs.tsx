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
import { runLooks } from "./run-labels.ts";
import { compareView } from "./search.ts";

/** The runs that are compared, each with its line; the tick hides its curves alone. */
export function ChosenRuns({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const [{ runs, hidden }, change] = useViewState(compareView);
  const looks = runLooks(runs, comparison.runs);
  const show = (id: string, isShown: boolean): void =>
    change({ hidden: isShown ? hidden.filter((one) => one !== id) : [...hidden, id] });
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
        {looks.map(({ run, label, slot }) => (
          <li key={run.id} className={styles.run}>
            <Checkbox
              label={`Draw ${label}`}
              hasHiddenLabel
              isChecked={!hidden.includes(run.id)}
              onCheckedChange={(isShown) => show(run.id, isShown)}
            />
            <SeriesSwatch slot={slot} />
            <Link to="/runs/$runId" params={{ runId: run.id }} className={styles.name ?? ""}>
              {label}
            </Link>
            <StatusBadge status={run.status} />
            <IconButton icon="close" size="small" label={`Remove ${label}`} onClick={() => remove(run.id)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
