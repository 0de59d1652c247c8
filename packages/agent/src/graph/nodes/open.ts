import { maxQuestionLength } from "../../text/clean-question.ts";
import { appendSegments } from "../append-segments.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";
import { replyFits, reservedTokens, tokenRoom } from "../token-room.ts";

/** Writes the first prompt. One that is too long ends the episode with no action: `context_overflow`. */
export function open(state: EpisodeState, episode: EpisodeContext): EpisodeUpdate {
  episode.emit({ type: "episode-start", question: episode.question });
  const expired = episode.deadline.expired();
  if (expired !== null) return { outcome: { type: "failed", failure: expired } };
  if (episode.question.length > maxQuestionLength) {
    const prefix = { kind: "prompt", tokens: episode.renderer.sharedPrefix } as const;
    return { ...appendSegments(state, [prefix], 0), outcome: { type: "stopped", reason: "context_overflow" } };
  }
  const added = appendSegments(state, episode.renderer.prompt(episode.question).segments, 0);
  const fits = episode.template.retrievesFirst
    ? replyFits(added, episode)
    : tokenRoom(added, episode).tokens >= reservedTokens(episode);
  return fits ? added : { ...added, outcome: { type: "stopped", reason: "context_overflow" } };
}
