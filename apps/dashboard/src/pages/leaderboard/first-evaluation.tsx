import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { EmptyState } from "../../components/layout/empty-state.tsx";
import { CodeBlock } from "../../components/text/code-block.tsx";

/** What to run where nothing was evaluated yet. */
export function FirstEvaluation(): ReactNode {
  return (
    <EmptyState title="Nothing is evaluated yet">
      <p>
        A training run scores the base policy first, and its own after each stage. The quickstart takes some minutes:
      </p>
      <CodeBlock label="the command that trains" text="npx litmus train configs/quickstart.yaml" />
      <p>Or score a run that is there, or the base policy of an experiment file:</p>
      <CodeBlock label="the command that evaluates" text="npx litmus eval <run or config>" />
      <p>
        Scores appear here as soon as they are stored. <Link to="/runs">See the runs</Link>.
      </p>
    </EmptyState>
  );
}
