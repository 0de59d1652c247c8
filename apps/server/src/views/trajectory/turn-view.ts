import type { Hit, TurnView } from "@litmus/api";
import type { ShownHit, Trajectory, Turn } from "@litmus/core";

/** What decides how records are marked. */
export interface RecordMarks {
  readonly idSpace: "pubmed" | "own";
  readonly gold: readonly string[];
  readonly cited: readonly string[];
}

/** A turn as it is read. @param segments of the trajectory; none of a chat model, whose tokens are not known */
export function turnView(
  turn: Turn,
  { segments, marks }: { segments: Trajectory["segments"]; marks: RecordMarks },
): TurnView {
  const { index, actionText, action, sampledTokens, search } = turn;
  const own = segments.filter((segment) => segment.kind === "action" && segment.turn === index);
  const [first, last] = [own[0], own.at(-1)];
  return {
    index,
    thought: thoughtOf(actionText),
    actionText,
    action: action.type === "answer" ? { ...action, cited: [...action.cited] } : action,
    sampledTokens,
    tokens: first === undefined || last === undefined ? null : { start: first.start, end: last.end },
    search:
      search === null
        ? null
        : {
            query: search.query,
            durationMs: search.durationMs,
            failure: search.failure,
            hits: search.hits.map((hit) => hitView(hit, marks)),
          },
  };
}

const decidingTag = /<(?:search|cite|answer)>/;
const thinkTag = /<\/?think>/g;

/** What stands before the first tag that does something, without the tags around a thought. */
function thoughtOf(actionText: string): string {
  const tag = decidingTag.exec(actionText);
  return tag === null ? "" : actionText.slice(0, tag.index).replace(thinkTag, "").trim();
}

function hitView(
  { recordId, rank, score, title, year, shownText, cut }: ShownHit,
  { idSpace, gold, cited }: RecordMarks,
): Hit {
  return {
    recordId,
    rank,
    score,
    title,
    year: year ?? null,
    shownText,
    cut,
    isGold: gold.includes(recordId),
    isCited: cited.includes(recordId),
    url: recordUrl(recordId, idSpace),
  };
}

const pmid = /^\d{1,9}$/;

/** A record's address at PubMed; null of an own-written one. */
export function recordUrl(recordId: string, idSpace: RecordMarks["idSpace"]): string | null {
  return idSpace === "pubmed" && pmid.test(recordId) ? `https://pubmed.ncbi.nlm.nih.gov/${recordId}/` : null;
}
