import type { TrajectoryView } from "@litmus/api";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ReactNode } from "react";
import { StatusBadge } from "../../../components/layout/status-badge.tsx";
import { PageHeader } from "../../../components/layout/page-header.tsx";
import { shortened } from "../../../components/record/cut-text.ts";
import { LongText } from "../../../components/record/long-text.tsx";
import { ShortText } from "../../../components/record/short-text.tsx";
import { CopyLink } from "../../../components/text/copy-link.tsx";
import { visibleText } from "../../../format/visible-text.ts";
import { useShortcuts } from "../../../state/use-shortcuts.ts";
import { TrajectoryExport } from "./trajectory-export.tsx";
import { Neighbour } from "./neighbour.tsx";
import { PlaceTrail } from "./place-trail.tsx";
import styles from "./header.module.css";

/** A question is at most so long in the page's heading. */
const headingLength = 240;
/** And so long in the browser's tab. */
const tabLength = 80;

/** The question, where the trajectory belongs, and the way to its neighbours. */
export function TrajectoryHeader({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const { question, previousId, nextId, run } = trajectory;
  useNeighbourKeys(previousId, nextId);
  return (
    <>
      <PageHeader
        overline={<PlaceTrail trajectory={trajectory} />}
        title={<ShortText text={question} limit={headingLength} />}
        tabTitle={shortened(visibleText(question, "Trajectory"), tabLength)}
        meta={
          <>
            <StatusBadge status={run.status} />
            <span>
              Trajectory <code className={styles.id}>{trajectory.id}</code>
            </span>
            <CopyLink />
          </>
        }
        actions={
          <>
            <Neighbour direction="previous" trajectoryId={previousId} />
            <Neighbour direction="next" trajectoryId={nextId} />
            <TrajectoryExport trajectory={trajectory} />
          </>
        }
      />
      {question.length > headingLength && (
        <div className={styles.question}>
          <LongText id="question" text={question} />
        </div>
      )}
    </>
  );
}

/** `[` and `]` go to the neighbours; what is chosen on the page stays. */
function useNeighbourKeys(previousId: string | null, nextId: string | null): void {
  const navigate = useNavigate();
  const shortcuts = useMemo(() => {
    const goTo = (trajectoryId: string | null) => (): void => {
      if (trajectoryId === null) return;
      void navigate({
        to: "/trajectories/$trajectoryId",
        params: { trajectoryId },
        search: ({ tokens: _tokens, turn: _turn, ...kept }) => kept,
      });
    };
    return { "[": goTo(previousId), "]": goTo(nextId) };
  }, [navigate, previousId, nextId]);
  useShortcuts(shortcuts);
}
