import type { Hit, TurnView } from "@litmus/api";
import type { ReactNode } from "react";
import { Badge } from "../../../components/layout/badge.tsx";
import { RecordLink } from "../../../components/record/record-link.tsx";
import { ShortText } from "../../../components/record/short-text.tsx";
import styles from "./compare.module.css";
import { setDifference } from "./set-difference.ts";

export interface RecordDifferenceProps {
  /** Null where nothing was searched. */
  readonly first: TurnView["search"];
  readonly second: TurnView["search"];
}

const groups = [
  { key: "removed", sign: "−", label: "found by A alone" },
  { key: "both", sign: "=", label: "found by both" },
  { key: "added", sign: "+", label: "found by B alone" },
] as const;

/** The records that two searches found: those of A alone, of both and of B alone. */
export function RecordDifference({ first, second }: RecordDifferenceProps): ReactNode {
  if (first === null && second === null) return null;
  const hits = [...(first?.hits ?? []), ...(second?.hits ?? [])];
  const byId = new Map(hits.map((hit) => [hit.recordId, hit]));
  const difference = setDifference(idsOf(first), idsOf(second));
  return (
    <div className={styles.records}>
      {groups.map(({ key, sign, label }) =>
        difference[key].length === 0 ? null : (
          <div key={key} className={styles.records} data-side={key}>
            <p className={styles.label}>
              {difference[key].length} {label}
            </p>
            <ul className={styles.ids}>
              {difference[key].map((recordId) => (
                <li key={recordId}>
                  <span className={styles.sign}>{sign}</span>
                  <Found hit={byId.get(recordId)} recordId={recordId} />
                </li>
              ))}
            </ul>
          </div>
        ),
      )}
    </div>
  );
}

const idsOf = (search: TurnView["search"]): string[] => search?.hits.map(({ recordId }) => recordId) ?? [];
const titleLength = 90;

function Found({ hit, recordId }: { readonly hit: Hit | undefined; readonly recordId: string }): ReactNode {
  return (
    <span className={styles.found}>
      <RecordLink recordId={recordId} url={hit?.url ?? null} isBrief />
      {hit?.isGold === true && <Badge tone="gold">gold</Badge>}
      <ShortText text={hit?.title ?? ""} limit={titleLength} />
    </span>
  );
}
