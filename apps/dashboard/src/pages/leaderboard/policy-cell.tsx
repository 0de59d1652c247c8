import type { LeaderboardEntry, policyKinds } from "@litmus/api";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Checkbox } from "../../components/controls/checkbox.tsx";
import { Badge } from "../../components/layout/badge.tsx";
import type { Tone } from "../../components/layout/badge.tsx";
import { Icon } from "../../components/text/icon.tsx";
import { runLabel } from "../../format/run-label.ts";
import styles from "./leaderboard.module.css";
import { policyName, policyPlace } from "./policy-name.ts";

type PolicyKind = (typeof policyKinds)[number];

const tones: Record<PolicyKind, Tone> = {
  base: "neutral",
  "retrieval-augmented": "neutral",
  trained: "good",
  chat: "info",
};

export interface PolicyCellProps {
  readonly entry: LeaderboardEntry;
  readonly isPinned: boolean;
  readonly isChosen: boolean;
  readonly canChoose: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

/** Which policy it is: the run, which its name leads to, and the place in it. */
export function PolicyCell({ entry, isPinned, isChosen, canChoose, onChoose }: PolicyCellProps): ReactNode {
  const { runId, runName, kind, isBaseline, split, chosenOn } = entry;
  return (
    <div className={styles.policy}>
      <Checkbox
        hasHiddenLabel
        label={`Choose ${policyName(entry)} to compare`}
        isChecked={isChosen}
        disabled={!isChosen && !canChoose}
        onCheckedChange={onChoose}
      />
      <div className={styles.words}>
        <Link to="/runs/$runId" params={{ runId }}>
          {runLabel(runName, runId)}
        </Link>
        <div className={styles.place}>
          <span>{policyPlace(entry)}</span> <Badge tone={tones[kind]}>{kind}</Badge>
          {chosenOn === split && (
            <Badge tone="caution" title="Its version was chosen by its score on these questions: the score flatters it">
              flattered
            </Badge>
          )}
          {isBaseline && (
            <Badge
              tone="gold"
              title={isPinned ? "Stays on top, whatever the filters say" : "Shown whatever the filters say"}
            >
              {isPinned && <Icon name="pin" size={12} />}
              baseline
            </Badge>
          )}
        </div>
      </div>
    </div>
  );
}
