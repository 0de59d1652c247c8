import type { RunView } from "@litmus/api";
import type { ReactNode } from "react";
import { Panel } from "../components/layout/panel.tsx";
import styles from "./report.module.css";

const standing = [
  "For research only, never clinical advice: not for diagnosis, treatment, dosing, triage or any decision about a patient. In an emergency call the emergency services.",
  "Answers can be wrong, and so can the records they rest on: check every answer against its sources.",
  "Exact match counts an answer that is worded otherwise as wrong, and says nothing of reasoning or citations.",
  "Scores hold for these questions, this index and these weights; they are not to be set beside figures from other indexes.",
  "Intervals: Wilson for scores, in training over the groups of a step, paired bootstrap for differences. Failed episodes are counted, never scored 0.",
];

/** What a report cannot say; always shown. */
export function ReportNotes({ view }: { readonly view: RunView }): ReactNode {
  return (
    <Panel title="How to read this">
      <ul className={styles.notes}>
        {[...standing, seedCaveat(view.seeds)].map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Panel>
  );
}

/** What the number of seeds allows to be said. */
function seedCaveat(seeds: RunView["seeds"]): string {
  const known = new Set(seeds.flatMap(({ seed }) => seed ?? [])).size;
  if (known >= 3) return `The store holds runs of this config with ${known} seeds; this report is of one of them.`;
  return `${known === 1 ? "1 seed" : `${known} seeds`}: this says something of these weights, not of the method, for which at least three seeds are needed.`;
}
