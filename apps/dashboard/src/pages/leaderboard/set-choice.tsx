import type { EvaluationSet } from "@litmus/api";
import type { ReactNode } from "react";
import { Select } from "../../components/controls/select.tsx";
import { useViewState } from "../../state/use-view-state.ts";
import { leaderboardView } from "./search.ts";
import { setOptions } from "./set-options.ts";

export interface SetChoiceProps {
  readonly sets: readonly EvaluationSet[];
  readonly chosen: EvaluationSet;
}

/** Which questions, scored by which scorer: policies of two sets are not comparable. */
export function SetChoice({ sets, chosen }: SetChoiceProps): ReactNode {
  const [, setView] = useViewState(leaderboardView);
  return (
    <Select
      label="Evaluation set"
      value={chosen.id}
      options={setOptions(sets)}
      onChange={(set) => setView({ set, offset: 0, chosen: [] }, "push")}
    />
  );
}
