import type { ReactNode } from "react";
import { LinkButton } from "../../components/controls/link-button.tsx";
import { SelectionBar } from "../../components/layout/selection-bar.tsx";
import { runOfEvaluation } from "../../format/run-of-evaluation.ts";
import { useViewState } from "../../state/use-view-state.ts";
import { leaderboardView } from "./search.ts";

/** The policies that are chosen, with the way to their comparison question by question. */
export function ChosenPolicies(): ReactNode {
  const [{ chosen }, setView] = useViewState(leaderboardView);
  const [from = "", to = ""] = chosen;
  return (
    <SelectionBar
      count={chosen.length}
      noun={["policy", "policies"]}
      hint={chosen.length === 1 ? "Choose one more to compare the two question by question." : undefined}
      onClear={() => setView({ chosen: [] })}
    >
      {to !== "" && (
        <LinkButton
          to="/compare"
          search={{ runs: [...new Set([from, to].map(runOfEvaluation))], from, to }}
          tone="primary"
          icon="compare"
        >
          Compare
        </LinkButton>
      )}
    </SelectionBar>
  );
}
