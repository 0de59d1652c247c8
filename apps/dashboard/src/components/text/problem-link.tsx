import type { ReactNode } from "react";
import { visibleText } from "../../format/visible-text.ts";
import { PageLink } from "./page-link.tsx";

export interface ProblemLinkProps {
  readonly runId: string;
  readonly problemId: string;
  /** What is shown; the id where the question shows nothing. */
  readonly question: string;
}

/** A question that leads to its page in a run. */
export function ProblemLink({ runId, problemId, question }: ProblemLinkProps): ReactNode {
  return (
    <PageLink to="/runs/$runId/problems/$problemId" params={{ runId, problemId }}>
      {visibleText(question, problemId)}
    </PageLink>
  );
}
