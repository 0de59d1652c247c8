import type { TrajectoryView } from "@litmus/api";
import { useId } from "react";
import type { ReactNode } from "react";
import { Badge } from "../components/layout/badge.tsx";
import type { Tone } from "../components/layout/badge.tsx";
import { pubmedUrl } from "../components/record/pubmed-url.ts";
import { ShortText } from "../components/record/short-text.tsx";
import { TurnCard } from "../components/turns/turn-card.tsx";
import { FactsPanel } from "../pages/trajectory/header/facts-panel.tsx";
import { PlaceTrail } from "../pages/trajectory/header/place-trail.tsx";
import { VerdictStrip } from "../pages/trajectory/header/verdict-strip.tsx";
import { RewardCard } from "../pages/trajectory/reward/reward-card.tsx";
import styles from "./report.module.css";

/** A question is at most so long in a heading; whole it stands in the prompt. */
const headingLength = 400;

/** Some trajectories of the last evaluation, turn by turn. */
export function ReportSamples({ samples }: { readonly samples: readonly TrajectoryView[] }): ReactNode {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId} className={styles.group}>
      <h2 id={titleId}>Trajectories of the last evaluation</h2>
      {samples.length === 0 ? (
        <p className={styles.nothing}>No evaluation is stored, so there is no trajectory of one.</p>
      ) : (
        <p className={styles.hint}>
          The first right answers, wrong answers and failures, in the order of the questions.
        </p>
      )}
      {samples.map((trajectory, i) => (
        <Sample key={trajectory.id} trajectory={trajectory} isOpen={i === 0} />
      ))}
    </section>
  );
}

interface SampleProps {
  readonly trajectory: TrajectoryView;
  readonly isOpen: boolean;
}

function Sample({ trajectory, isOpen }: SampleProps): ReactNode {
  const { question, turns, reward, ending, idSpace } = trajectory;
  const { tone, word } = worthOf(trajectory);
  return (
    <details className={styles.sample} open={isOpen}>
      <summary>
        <Badge tone={tone}>{word}</Badge>
        <h3>
          <ShortText text={question} limit={headingLength} />
        </h3>
      </summary>
      <div className={styles.trajectory}>
        <div className={styles.hint}>
          <PlaceTrail trajectory={trajectory} />
        </div>
        <VerdictStrip trajectory={trajectory} />
        {turns.map((turn) => (
          <TurnCard
            key={turn.index}
            turn={turn}
            urlOf={(recordId) => pubmedUrl(idSpace, recordId)}
            indexId={trajectory.indexId}
          />
        ))}
        <RewardCard reward={reward} ending={ending} />
        <FactsPanel trajectory={trajectory} />
      </div>
    </details>
  );
}

function worthOf({ reward }: TrajectoryView): { readonly tone: Tone; readonly word: string } {
  if (reward === null) return { tone: "caution", word: "failed" };
  return reward.components.some(({ name, score }) => name === "exactMatch" && score === 1)
    ? { tone: "good", word: "right" }
    : { tone: "bad", word: "wrong" };
}
