import type { TrajectoryView } from "@litmus/api";
import type { ReactNode } from "react";
import { ShortText } from "../../../components/record/short-text.tsx";
import { PageLink } from "../../../components/text/page-link.tsx";
import styles from "./header.module.css";

/** Where a trajectory belongs, from the run down to the member; each with a page is a link to it. */
export function PlaceTrail({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const { run, key, problem } = trajectory;
  const { runId, stage, step, purpose, group, member } = key;
  return (
    <span className={styles.trail}>
      <PageLink to="/runs/$runId" params={{ runId }}>
        <ShortText text={run.name === "" ? runId : run.name} />
      </PageLink>
      <span>
        stage <ShortText text={stage} />
      </span>
      <span>step {step}</span>
      <span>{purpose}</span>
      {problem === null ? (
        <span>group {group}</span>
      ) : (
        <PageLink to="/runs/$runId/problems/$problemId" params={{ runId, problemId: problem.id }}>
          problem <ShortText text={problem.id} />
        </PageLink>
      )}
      <PageLink to="/trajectories/$trajectoryId" params={{ trajectoryId: trajectory.id }} search={{ tab: "group" }}>
        group {group}
      </PageLink>
      <span>member {member}</span>
    </span>
  );
}
