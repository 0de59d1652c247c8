import type { TrajectoryView } from "@litmus/api";
import type { ReactNode } from "react";
import { EmptyState } from "../../../components/layout/empty-state.tsx";
import { useViewState } from "../../../state/use-view-state.ts";
import { trajectoryView } from "../search.ts";
import { ModeChoice } from "./mode-choice.tsx";
import { TokenLegend } from "./token-legend.tsx";
import { TokenList } from "./token-list.tsx";
import styles from "./tokens.module.css";

/** Every token that the policy saw or sampled, coloured by one of its numbers. */
export function TokenTab({ trajectory }: { readonly trajectory: TrajectoryView }): ReactNode {
  const [{ mode }, setView] = useViewState(trajectoryView);
  const { tokens, policy } = trajectory;
  if (tokens.total === 0)
    return (
      <EmptyState title="No tokens are known">
        {policy.engine.startsWith("chat:")
          ? "A chat model takes messages and gives replies: its tokens are never seen."
          : "The episode ended before the policy was shown anything."}
      </EmptyState>
    );
  return (
    <div className={styles.tab}>
      <ModeChoice mode={mode} onChange={(next) => setView({ mode: next })} />
      <TokenLegend mode={mode} />
      <Absences trajectory={trajectory} />
      <TokenList trajectory={trajectory} mode={mode} />
    </div>
  );
}

/** What cannot be shown of these tokens, and why. */
function Absences({ trajectory: { tokens, policy, advantage } }: { readonly trajectory: TrajectoryView }): ReactNode {
  const sentences = [
    tokens.hasText
      ? null
      : `Token ids stand in place of texts: the vocabulary of the model ${policy.modelSha256.slice(0, 8)} is not to be had on this server.`,
    tokens.hasLogProbs ? null : "No log-probabilities: nothing was sampled.",
    tokens.hasAdvantages || advantage !== null ? null : "No advantages: no update has learned from this trajectory.",
    tokens.hasTrainerLogProbs ? null : "No sampler–trainer difference: the trainer did not measure these tokens.",
  ].filter((sentence) => sentence !== null);
  if (sentences.length === 0) return null;
  return (
    <ul className={styles.absences}>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
