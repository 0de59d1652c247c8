import type { AskResult } from "@litmus/agent";
import type { AskEvent, TurnView } from "@litmus/api";
import type { CorpusRecord, EpisodeEvent, Turn } from "@litmus/core";
import { recordUrl, turnView } from "@litmus/server";
import type { AskContext, Ended } from "./ask-episode.ts";

type IdSpace = "pubmed" | "own";

/** An episode's event as the page reads it; null for one that tells it nothing. */
export function askEventOf(event: EpisodeEvent, idSpace: IdSpace): AskEvent | null {
  switch (event.type) {
    case "episode-start":
    case "turn-start":
    case "action-end":
    case "search-start":
      return event;
    case "turn-end":
      return { type: "turn-end", turn: turnOf(event.turn, idSpace) };
    case "search-end":
    // The result that comes after it says the same, and where it is stored.
    case "episode-end":
      return null;
    default:
      return event satisfies never;
  }
}

/** While a question is worked on nothing is known to be gold or cited, and no token has its place yet. */
const turnOf = (turn: Turn, idSpace: IdSpace): TurnView =>
  turnView(turn, { segments: [], marks: { idSpace, gold: [], cited: [] } });

/** The last event: what came of the question, with the years of the records that support it. */
export async function askEndOf(
  { retriever, record }: Pick<AskContext, "retriever" | "record">,
  { answer, citations, trajectory }: AskResult,
  { ending, storedAs }: { readonly ending: Ended; readonly storedAs: string },
): Promise<AskEvent> {
  const { idSpace } = retriever.info;
  const records = await Promise.all(citations.map(({ id }) => record(id)));
  return {
    type: "episode-end",
    answer,
    citations: citations.map(({ id, title, kind }, index) => ({
      recordId: id,
      title,
      kind,
      url: recordUrl(id, idSpace),
      year: yearOf(records[index]),
    })),
    ending,
    trajectoryId: storedAs,
    usage: { ...trajectory.usage },
    durationMs: trajectory.timing.durationMs,
  };
}

const yearOf = (record: CorpusRecord | null | undefined): number | null => record?.year ?? null;
