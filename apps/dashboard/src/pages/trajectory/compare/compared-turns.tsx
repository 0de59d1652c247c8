import type { TurnView } from "@litmus/api";
import type { ReactNode } from "react";
import { Badge } from "../../../components/layout/badge.tsx";
import { LongText } from "../../../components/record/long-text.tsx";
import { pubmedUrl } from "../../../components/record/pubmed-url.ts";
import { ActionView } from "../../../components/turns/action-view.tsx";
import { alignTurns } from "./align-turns.ts";
import styles from "./compare.module.css";
import type { ComparedProps } from "./compared-sums.tsx";
import { QueryDifference } from "./query-difference.tsx";
import { RecordDifference } from "./record-difference.tsx";

/** Two episodes turn by turn: the difference of their queries and of what these found. */
export function ComparedTurns({ first, second }: ComparedProps): ReactNode {
  return (
    <ol className={styles.turns} aria-label="Turns side by side">
      {alignTurns(first.turns, second.turns).map((pair) => (
        <li key={pair.index} className={styles.pair}>
          <h3 className={styles.number}>Turn {pair.index + 1}</h3>
          <QueryDifference first={pair.first?.search?.query ?? null} second={pair.second?.search?.query ?? null} />
          <div className={styles.sides}>
            <Side name="A" turn={pair.first} idSpace={first.idSpace} />
            <Side name="B" turn={pair.second} idSpace={second.idSpace} />
          </div>
          <RecordDifference first={pair.first?.search ?? null} second={pair.second?.search ?? null} />
        </li>
      ))}
    </ol>
  );
}

interface SideProps {
  readonly name: "A" | "B";
  readonly turn: TurnView | null;
  readonly idSpace: "pubmed" | "own";
}

function Side({ name, turn, idSpace }: SideProps): ReactNode {
  return (
    <div className={styles.side}>
      <Badge>{name}</Badge>
      {turn === null ? (
        <p className={styles.ended}>The episode has ended.</p>
      ) : (
        <>
          {turn.thought !== "" && <LongText id={`${name}-${turn.index}-thought`} text={turn.thought} limit={240} />}
          <ActionView turn={turn} urlOf={(recordId) => pubmedUrl(idSpace, recordId)} />
        </>
      )}
    </div>
  );
}
