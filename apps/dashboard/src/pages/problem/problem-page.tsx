import type { ProblemView } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { PageHeader } from "../../components/layout/page-header.tsx";
import { QueryState } from "../../components/layout/query-state.tsx";
import { Skeleton } from "../../components/layout/skeleton.tsx";
import { StatusBadge } from "../../components/layout/status-badge.tsx";
import { shortened } from "../../components/record/cut-text.ts";
import { LongText } from "../../components/record/long-text.tsx";
import { ShortText } from "../../components/record/short-text.tsx";
import { CopyLink } from "../../components/text/copy-link.tsx";
import { counted } from "../../format/counted.ts";
import { visibleText } from "../../format/visible-text.ts";
import { problemOptions } from "../../queries/run-queries.ts";
import { AttemptPanel } from "./attempts/attempt-panel.tsx";
import { GroupPanel } from "./groups/group-panel.tsx";
import { OtherRuns } from "./other-runs.tsx";
import { ProblemFacts } from "./problem-facts.tsx";
import styles from "./problem.module.css";
import { QueryPanel } from "./query-panel.tsx";

/** A question is at most so long in the page's heading. */
const headingLength = 240;
/** And so long in the browser's tab. */
const tabLength = 80;

/** One question over all steps and policies of a run: how its reward moved, and what was tried. */
export function ProblemPage(): ReactNode {
  const { runId = "", problemId = "" } = useParams({ strict: false });
  const api = useApi();
  const query = useQuery(problemOptions(api, runId, problemId));
  return (
    <>
      {query.isLoadingError && <PageHeader title="Problem" />}
      <QueryState query={query} pending={<Skeleton label="Loading the problem" height="40rem" />}>
        {(view) => <ProblemContent view={view} />}
      </QueryState>
    </>
  );
}

function ProblemContent({ view }: { readonly view: ProblemView }): ReactNode {
  const { run, problem, idSpace, attempts, queries, otherRuns } = view;
  return (
    <>
      <PageHeader
        overline={
          <>
            <Link to="/runs/$runId" params={{ runId: run.id }}>
              <ShortText text={run.name === "" ? run.id : run.name} />
            </Link>{" "}
            › problem <ShortText text={problem.id} />
          </>
        }
        title={<ShortText text={problem.question} limit={headingLength} />}
        tabTitle={shortened(visibleText(problem.question, "Problem"), tabLength)}
        meta={
          <>
            <StatusBadge status={run.status} />
            <span>{counted(attempts.length, "attempt")}</span>
            <CopyLink />
          </>
        }
      />
      {problem.question.length > headingLength && <LongText id="question" text={problem.question} />}
      <div className={styles.page}>
        <ProblemFacts problem={problem} idSpace={idSpace} />
        <GroupPanel view={view} />
        <AttemptPanel attempts={attempts} />
        <QueryPanel queries={queries} />
        <OtherRuns otherRuns={otherRuns} problemId={problem.id} />
      </div>
    </>
  );
}
