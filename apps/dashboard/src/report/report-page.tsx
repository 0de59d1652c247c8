import type { ReportData } from "@litmus/api";
import type { ReactNode } from "react";
import { Panel } from "../components/layout/panel.tsx";
import { formatCount } from "../format/number.ts";
import { Against, DifferenceTable } from "../pages/run/config/difference-table.tsx";
import { LeafTable } from "../pages/run/config/leaf-table.tsx";
import { ManifestPanel } from "../pages/run/config/manifest-panel.tsx";
import { EvaluationsTab } from "../pages/run/evaluations/evaluations-tab.tsx";
import { FailuresTab } from "../pages/run/failures/failures-tab.tsx";
import { RunAlarms } from "../pages/run/head/run-alarms.tsx";
import { RunProgress } from "../pages/run/head/run-progress.tsx";
import { RunVerdict } from "../pages/run/head/run-verdict.tsx";
import { OnPaper } from "../state/on-paper.tsx";
import { ReportCurves } from "./report-curves.tsx";
import { ReportHeader } from "./report-header.tsx";
import { ReportNotes } from "./report-notes.tsx";
import { ReportSamples } from "./report-samples.tsx";
import styles from "./report.module.css";

/** A run from its verdict down to single trajectories: the parts of its page one below the other. */
export function ReportPage({ data: { run, series, samples } }: { readonly data: ReportData }): ReactNode {
  const { config } = run;
  return (
    <OnPaper>
      <main className={styles.report}>
        <ReportHeader run={run.run} />
        <RunAlarms runId={run.run.id} alarms={run.alarms} />
        <RunVerdict view={run} />
        <RunProgress view={run} />
        <ReportCurves run={run} series={series} />
        <EvaluationsTab view={run} />
        <FailuresTab view={run} />
        <ReportSamples samples={samples} />
        {config.parent !== null && (
          <Panel title="Differences of the config" description={<Against parent={config.parent} />} isFlush>
            <DifferenceTable parent={config.parent} differences={config.differences} />
          </Panel>
        )}
        <Panel title="Config" description={`${formatCount(config.leaves.length)} keys, defaults included.`} isFlush>
          <LeafTable leaves={config.leaves} />
        </Panel>
        <ManifestPanel manifest={run.manifest} />
        <ReportNotes view={run} />
      </main>
    </OnPaper>
  );
}
