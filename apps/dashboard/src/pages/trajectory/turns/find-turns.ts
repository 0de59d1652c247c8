import type { TurnView } from "@litmus/api";
import { hasWords } from "../../../components/record/split-by-words.ts";

/** The turns in which the words stand: in what was thought, asked, answered or found. All of them where nothing is looked for. */
export function findTurns(turns: readonly TurnView[], words: string): readonly TurnView[] {
  return words === "" ? turns : turns.filter((turn) => textsOf(turn).some((text) => hasWords(text, words)));
}

function textsOf({ actionText, search }: TurnView): string[] {
  const hits = search?.hits ?? [];
  return [
    actionText,
    search?.query ?? "",
    search?.failure?.message ?? "",
    ...hits.flatMap(({ title, shownText, recordId }) => [title, shownText, recordId]),
  ];
}
