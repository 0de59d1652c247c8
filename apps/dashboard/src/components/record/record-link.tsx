import type { ReactNode } from "react";
import { Badge } from "../layout/badge.tsx";
import { Icon } from "../text/icon.tsx";
import styles from "./record.module.css";

export interface RecordLinkProps {
  readonly recordId: string;
  /** Its address at PubMed; null of an own-written record. */
  readonly url: string | null;
  /** Whether the mark of an own-written record is left out: where it stands nearby already. */
  readonly isBrief?: boolean;
}

/** A record's id: a link to PubMed, in a new tab that knows nothing of this page, or a mark that there is nothing to link to. */
export function RecordLink({ recordId, url, isBrief = false }: RecordLinkProps): ReactNode {
  if (url === null)
    return (
      <span className={styles.id}>
        <code>{recordId}</code>
        {!isBrief && <Badge title="Written for this data set; it is not in PubMed">own-written record</Badge>}
      </span>
    );
  return (
    <span className={styles.id}>
      <a href={url} target="_blank" rel="noopener noreferrer">
        PMID {recordId}
        <Icon name="external" size={12} />
      </a>
    </span>
  );
}
