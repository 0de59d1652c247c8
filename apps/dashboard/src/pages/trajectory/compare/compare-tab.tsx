import type { TrajectoryView } from "@litmus/api";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useApi } from "../../../api/api-provider.tsx";
import { Select } from "../../../components/controls/select.tsx";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { QueryState } from "../../../components/layout/query-state.tsx";
import { useViewState } from "../../../state/use-view-state.ts";
import { trajectoryView } from "../search.ts";
import { trajectoryQuery } from "../trajectory-query.ts";
import { besideOptions } from "./beside-options.ts";
import styles from "./compare.module.css";
import { ComparedSums } from "./compared-sums.tsx";
import { ComparedTurns } from "./compared-turns.tsx";

/** This trajectory and another of the same question, side by side. */
export function CompareTab({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const [{ beside }, setView] = useViewState(trajectoryView);
  const options = besideOptions(trajectory);
  const isListed = options.some(({ value }) => value === beside);
  if (options.length === 1 && beside === "")
    return (
      <EmptyState title="Nothing to compare with yet">
        The question was asked once. Its group, later steps and other runs will be offered here.
      </EmptyState>
    );
  return (
    <div className={styles.tab}>
      <div className={styles.choice}>
        <Select
          label="Compare with"
          value={beside}
          options={isListed ? options : [...options, { value: beside, label: `Trajectory ${beside}` }]}
          onChange={(value) => setView({ beside: value }, "push")}
        />
        {beside !== "" && (
          <Link
            to="/trajectories/$trajectoryId"
            params={{ trajectoryId: beside }}
            search={{ tab: "compare", beside: trajectory.id }}
          >
            Swap A and B
          </Link>
        )}
      </div>
      {beside === "" ? (
        <EmptyState title="Choose what stands beside it">
          Another member of the group, or the same question at another checkpoint or in another run.
        </EmptyState>
      ) : (
        <Beside first={trajectory} besideId={beside} />
      )}
    </div>
  );
}

function Beside({ first, besideId }: { readonly first: TrajectoryView; readonly besideId: string }): ReactNode {
  const query = useQuery({ ...trajectoryQuery(useApi(), besideId), placeholderData: () => undefined });
  return (
    <QueryState query={query}>
      {(second) => (
        <>
          <ComparedSums first={first} second={second} />
          <ComparedTurns first={first} second={second} />
        </>
      )}
    </QueryState>
  );
}
