import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { visibleText } from "../../format/visible-text.ts";

export interface ProblemLinkProps {
  readonly runId: string;
  readonly problemId: string;
  /** What is shown; the id where the question shows nothing. */
  readonly question: string;
}

/** A question that leads to its page in a run. An id with half a character has no address: its question stands without a link. */
export function ProblemLink({ runId, problemId, question }: ProblemLinkProps): ReactNode {
  const words = visibleText(question, problemId);
  if (!problemId.isWellFormed()) return words;
  return (
    <Link to="/runs/$runId/problems/$problemId" params={{ runId, problemId }}>
      {words}
    </Link>
  );
}
