import type { Hit } from "@litmus/api";
import type { ReactNode } from "react";
import { formatNumber } from "../../format/number.ts";
import { Badge } from "../layout/badge.tsx";
import { LongText } from "../record/long-text.tsx";
import { RecordLink } from "../record/record-link.tsx";
import { RecordText } from "../record/record-text.tsx";
import styles from "./turns.module.css";

export interface HitItemProps {
  readonly hit: Hit;
  /** Unique on the page. */
  readonly id: string;
  readonly find?: string;
}

const shownCharacters = 240;

/** One record that a search found, as the policy saw it. */
export function HitItem({ hit, id, find = "" }: HitItemProps): ReactNode {
  const { rank, score, title, year, recordId, url, shownText, cut, isGold, isCited } = hit;
  return (
    <li className={styles.hit} data-gold={isGold}>
      <span className={styles.rank} title="Rank">
        {rank}
      </span>
      <div className={styles.record}>
        <p className={styles.title}>
          <RecordText text={title === "" ? "Untitled" : title} find={find} />
        </p>
        <p className={styles.facts}>
          <RecordLink recordId={recordId} url={url} />
          {year !== null && <span>{year}</span>}
          <span title="Score of the index">score {formatNumber(score)}</span>
          {isGold && (
            <Badge tone="gold" title="It supports the golden answer">
              gold
            </Badge>
          )}
          {isCited && (
            <Badge tone="info" title="The answer cites it">
              cited
            </Badge>
          )}
          {cut && (
            <Badge tone="caution" title="The policy saw only the beginning: the rest did not fit">
              cut to fit
            </Badge>
          )}
        </p>
        {shownText !== "" && <LongText id={id} text={shownText} find={find} limit={shownCharacters} />}
      </div>
    </li>
  );
}
