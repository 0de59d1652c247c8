import type { Comparison } from "@litmus/api";
import type { ReactNode } from "react";
import { IconButton } from "../../../components/controls/icon-button.tsx";
import { Select } from "../../../components/controls/select.tsx";
import { withChosen } from "../../../components/controls/with-chosen.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { compareView } from "../search.ts";
import styles from "./paired.module.css";

const measures = [
  { value: "greedy", label: "greedy" },
  { value: "sampled", label: "mean of samples" },
] as const;

const unchosen = "choose an evaluation";

export interface EvaluationChoiceProps extends Pick<Comparison, "choices"> {
  /** Ids of the two that are paired; empty where there is none. */
  readonly from: string;
  readonly to: string;
}

/** Which two evaluations are paired. */
export function EvaluationChoice({ choices, from, to }: EvaluationChoiceProps): ReactNode {
  const [{ measure }, change] = useViewState(compareView);
  const options = choices.map(({ id, label }) => ({ value: id, label }));
  return (
    <div className={styles.choice}>
      <Select
        label="From"
        value={from}
        options={withChosen(options, from, from === "" ? unchosen : from)}
        onChange={(id) => change({ from: id, offset: 0 }, "push")}
      />
      <IconButton
        icon="compare"
        label="Swap the two"
        tone="default"
        disabled={from === "" || to === ""}
        onClick={() => change({ from: to, to: from, offset: 0 }, "push")}
      />
      <Select
        label="to"
        value={to}
        options={withChosen(options, to, to === "" ? unchosen : to)}
        onChange={(id) => change({ to: id, offset: 0 }, "push")}
      />
      <Select
        label="Measure"
        value={measure}
        options={measures}
        onChange={(chosen) => change({ measure: chosen, offset: 0 })}
      />
    </div>
  );
}
