import type { Leaderboard } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../../api/api-provider.tsx";
import { PageHeader } from "../../components/layout/page-header.tsx";
import { Page } from "../../components/layout/page.tsx";
import { Panel } from "../../components/layout/panel.tsx";
import { QueryState } from "../../components/layout/query-state.tsx";
import { Skeleton } from "../../components/layout/skeleton.tsx";
import { CopyLink } from "../../components/text/copy-link.tsx";
import { leaderboardOptions } from "../../queries/list-queries.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { ChosenPolicies } from "./chosen-policies.tsx";
import { ConclusionsPanel } from "./conclusions-panel.tsx";
import { FirstEvaluation } from "./first-evaluation.tsx";
import { LeaderboardExport } from "./leaderboard-export.tsx";
import { LeaderboardToolbar } from "./leaderboard-toolbar.tsx";
import { PolicyTable } from "./policy-table.tsx";
import { leaderboardQueryOf, leaderboardView } from "./search.ts";
import { SetFacts } from "./set-facts.tsx";
import { SetChoice } from "./set-choice.tsx";

/** Policies by evaluation set, ranked as far as chance allows. */
export function LeaderboardPage(): ReactNode {
  const api = useApi();
  const [view] = useViewState(leaderboardView);
  const query = useQuery(leaderboardOptions(api, leaderboardQueryOf(view)));
  const set = query.data?.set ?? null;
  return (
    <Page>
      <PageHeader
        title="Leaderboard"
        meta={set !== null && <SetFacts set={set} />}
        actions={
          set !== null && (
            <>
              <SetChoice sets={query.data?.sets ?? []} chosen={set} />
              <LeaderboardExport />
              <CopyLink />
            </>
          )
        }
      />
      <QueryState query={query} pending={<Skeleton height="60vh" label="Loading the leaderboard" />}>
        {(board) =>
          board.set === null ? <FirstEvaluation /> : <Board board={board} isBusy={query.isPlaceholderData} />
        }
      </QueryState>
    </Page>
  );
}

function Board({ board, isBusy }: { readonly board: Leaderboard; readonly isBusy: boolean }): ReactNode {
  return (
    <>
      <ConclusionsPanel board={board} />
      <Panel isFlush>
        <LeaderboardToolbar board={board} />
        <PolicyTable board={board} isBusy={isBusy} />
      </Panel>
      <ChosenPolicies />
    </>
  );
}
