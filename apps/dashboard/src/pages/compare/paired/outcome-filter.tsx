import type { Comparison, PairedQuestion } from "@litmus/api";
import type { ReactNode } from "react";
import { Button } from "../../../components/controls/button.tsx";
import { formatCount } from "../../../format/number.ts";
import { useViewState } from "../../../state/use-view-state.ts";
import { compareView } from "../search.ts";
import styles from "./paired.module.css";

type Paired = NonNullable<Comparison["paired"]>;

/** How many questions were won, lost, tied or not scored; each count shows its questions alone. */
export function OutcomeFilter({ paired }: { readonly paired: Paired }): ReactNode {
  const [{ outcome }, change] = useViewState(compareView);
  const counts: readonly {
    readonly value: PairedQuestion["outcome"];
    readonly label: readonly [one: string, many: string];
    readonly count: number;
  }[] = [
    { value: "win", label: ["win", "wins"], count: paired.wins },
    { value: "loss", label: ["loss", "losses"], count: paired.losses },
    { value: "tie", label: ["tie", "ties"], count: paired.ties },
    { value: "unscored", label: ["unscored", "unscored"], count: paired.unscored },
  ];
  return (
    <div className={styles.outcomes} role="group" aria-label="Questions by outcome">
      {counts.map(({ value, label, count }) => (
        <Button
          key={value}
          className={styles.outcome}
          data-outcome={value}
          aria-pressed={outcome === value}
          onClick={() => change({ outcome: outcome === value ? null : value, offset: 0 })}
        >
          <strong>{formatCount(count)}</strong> {label[count === 1 ? 0 : 1]}
        </Button>
      ))}
    </div>
  );
}
