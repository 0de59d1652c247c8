import type { TurnView } from "@litmus/api";
import type { ReactNode } from "react";
import { counted } from "../../format/counted.ts";
import { formatDuration } from "../../format/duration.ts";
import { Badge } from "../layout/badge.tsx";
import { RecordText } from "../record/record-text.tsx";
import { Hash } from "../text/hash.tsx";
import { Icon } from "../text/icon.tsx";
import { HitItem } from "./hit-item.tsx";
import styles from "./turns.module.css";

export interface SearchCardProps {
  readonly search: NonNullable<TurnView["search"]>;
  /** Counted from 1. */
  readonly turn: number;
  /** Hash of the index that was searched; left out where it is not told. */
  readonly indexId?: string | undefined;
  readonly find?: string;
}

/** What the index replied to a query: how long it took, what failed, and the hits as the policy saw them. */
export function SearchCard({ search, turn, indexId, find = "" }: SearchCardProps): ReactNode {
  const { hits, durationMs, failure } = search;
  const found = hits.some(({ isGold }) => isGold);
  return (
    <section className={styles.search} aria-label={`Search of turn ${turn}`}>
      <p className={styles.took}>
        <span>
          {counted(hits.length, "hit")} in {formatDuration(durationMs)}
        </span>
        {indexId !== undefined && (
          <span>
            index <Hash value={indexId} label={`the index of turn ${turn}`} isBrief />
          </span>
        )}
        {found && <Badge tone="gold">gold record found</Badge>}
      </p>
      {failure !== null && (
        <p className={styles.failure}>
          <Icon name="warning" />
          <span>
            Failed at {failure.boundary} (<code>{failure.code}</code>
            {failure.retryable ? ", may succeed later" : ""}): <RecordText text={failure.message} />
          </span>
        </p>
      )}
      {hits.length === 0 && failure === null && <p className={styles.nothing}>No record matches this query.</p>}
      {hits.length > 0 && (
        <ol className={styles.hits}>
          {hits.map((hit) => (
            <HitItem key={`${hit.rank} ${hit.recordId}`} hit={hit} id={`turn-${turn}-hit-${hit.rank}`} find={find} />
          ))}
        </ol>
      )}
    </section>
  );
}
