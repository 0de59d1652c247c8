import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { Badge } from "../../components/layout/badge.tsx";
import { Tabs } from "../../components/controls/tabs.tsx";
import { formatCount } from "../../format/number.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { ConfigTab } from "./config/config-tab.tsx";
import { CurvesTab } from "./curves/curves-tab.tsx";
import { EvaluationsTab } from "./evaluations/evaluations-tab.tsx";
import { FailuresTab } from "./failures/failures-tab.tsx";
import { QuestionsTab } from "./questions/questions-tab.tsx";
import { runView } from "./search.ts";
import { TrajectoriesTab } from "./trajectories/trajectories-tab.tsx";

/** The parts of a run, one at a time; the address says which. */
export function RunTabs({ view }: { readonly view: RunView }): ReactNode {
  const [{ tab }, change] = useViewState(runView);
  return (
    <Tabs
      label="Parts of the run"
      value={tab}
      onChange={(next) => change({ tab: next }, "push")}
      tabs={[
        { value: "curves", label: "Curves", content: <CurvesTab view={view} /> },
        { value: "evaluations", label: "Evaluations and checkpoints", content: <EvaluationsTab view={view} /> },
        { value: "questions", label: "Questions", content: <QuestionsTab view={view} /> },
        { value: "trajectories", label: "Trajectories", content: <TrajectoriesTab view={view} /> },
        { value: "failures", label: <FailuresLabel count={view.cost.failed} />, content: <FailuresTab view={view} /> },
        { value: "config", label: "Config", content: <ConfigTab view={view} /> },
      ]}
    />
  );
}

function FailuresLabel({ count }: { readonly count: number }): ReactNode {
  if (count === 0) return "Failures";
  return (
    <>
      Failures <Badge tone="bad">{formatCount(count)}</Badge>
    </>
  );
}
