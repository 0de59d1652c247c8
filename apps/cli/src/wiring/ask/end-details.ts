import type { AskResult } from "@litmus/agent";
import type { AskEvent } from "@litmus/api";

/** The last event with what `litmus ask` tells besides: how each citation is known, and what the episode used. */
export function withDetails(end: AskEvent, { citations, usage }: Pick<AskResult, "citations" | "usage">): AskEvent {
  if (end.type !== "episode-end") return end;
  const kinds = new Map<string, AskResult["citations"][number]["kind"]>(citations.map(({ id, kind }) => [id, kind]));
  const detailed = end.citations.map((citation) => {
    const kind = kinds.get(citation.recordId);
    return kind === undefined ? citation : { ...citation, kind };
  });
  return { ...end, citations: detailed, usage: { ...usage } };
}
