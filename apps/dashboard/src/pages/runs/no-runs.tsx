import type { ReactNode } from "react";
import { Button } from "../../components/controls/button.tsx";
import { EmptyState } from "../../components/layout/empty-state.tsx";
import { CodeBlock } from "../../components/text/code-block.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { isNarrowed, runsView } from "./search.ts";

/** Why there is no row, and what makes one. */
export function NoRuns(): ReactNode {
  const [view, setView] = useViewState(runsView);
  if (isNarrowed(view))
    return (
      <EmptyState title="No run matches">
        <Button onClick={() => setView({ search: "", status: [], name: [], offset: 0 }, "push")}>
          Take all filters away
        </Button>
      </EmptyState>
    );
  return (
    <EmptyState title="No runs yet">
      <p>This runs the quickstart, and its row appears here with the first step:</p>
      <CodeBlock label="the command that trains" text="npx litmus train configs/quickstart.yaml" />
    </EmptyState>
  );
}
