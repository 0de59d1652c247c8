import type { RecordId, ShownHit, Trajectory } from "@litmus/core";
import { cleanText } from "./text/clean-text.ts";

/** A record that supports an answer, and how it is known to. */
export interface Citation {
  readonly id: RecordId;
  readonly title: string;
  /** `cited`: the policy cited it and it was retrieved. `matched`: the text that was shown contains the answer. */
  readonly kind: "cited" | "matched";
}

/** Cited records in the order cited, then records that only match, in the order shown. */
export function citationsOf(trajectory: Pick<Trajectory, "answer" | "cited" | "turns">): readonly Citation[] {
  if (trajectory.answer === null) return [];
  const shown = new Map<RecordId, ShownHit[]>();
  for (const hit of trajectory.turns.flatMap((turn) => turn.search?.hits ?? [])) {
    shown.set(hit.recordId, [...(shown.get(hit.recordId) ?? []), hit]);
  }
  const titleOf = (id: RecordId): string => shown.get(id)?.[0]?.title ?? "";
  const contains = wholeWords(trajectory.answer);
  const matched = [...shown.keys()].filter(
    (id) => !trajectory.cited.includes(id) && shown.get(id)?.some((hit) => contains(hit)),
  );
  return [
    ...trajectory.cited.map((id) => ({ id, title: titleOf(id), kind: "cited" as const })),
    ...matched.map((id) => ({ id, title: titleOf(id), kind: "matched" as const })),
  ];
}

/** Ids that the policy cited and that were not retrieved: removed, and counted. */
export function removedCitations(trajectory: Pick<Trajectory, "cited" | "turns">): number {
  const action = trajectory.turns.at(-1)?.action;
  return action?.type === "answer" ? action.cited.length - trajectory.cited.length : 0;
}

/** Whether title or text hold the answer as whole words, whatever the case. */
function wholeWords(answer: string): (hit: ShownHit) => boolean {
  const words = cleanText(answer).replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  if (words === "") return () => false;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${words}(?![\\p{L}\\p{N}])`, "iu");
  return (hit) => pattern.test(`${hit.title}\n${hit.shownText}`);
}
