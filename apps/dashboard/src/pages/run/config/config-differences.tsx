import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { RunSearch } from "../../../components/choice/run-search.tsx";
import { Button } from "../../../components/controls/button.tsx";
import { Panel } from "../../../components/layout/panel.tsx";
import { useViewState } from "../../../state/use-view-state.ts";
import { runView } from "../search.ts";
import styles from "./config.module.css";
import { Against, DifferenceTable } from "./difference-table.tsx";

/** The keys in which the config differs from its parent's, or from that of a run that is chosen. */
export function ConfigDifferences({ view: { run, config } }: { readonly view: RunView }): ReactNode {
  const [{ against }, change] = useViewState(runView);
  const { parent, differences } = config;
  return (
    <Panel
      title="Differences"
      description={<Against parent={parent} />}
      actions={
        <div className={styles.choice}>
          {against !== "" && (
            <Button tone="quiet" onClick={() => change({ against: "" })}>
              Back to its parent
            </Button>
          )}
          <RunSearch label="Compare with a run" except={[run.id]} onChoose={(id) => change({ against: id }, "push")} />
        </div>
      }
      isFlush
    >
      <DifferenceTable parent={parent} differences={differences} />
    </Panel>
  );
}
