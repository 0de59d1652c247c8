import { maxQuestionLength } from "../../text/clean-question.ts";
import type { EpisodeContext } from "../episode-context.ts";
import type { EpisodeState, EpisodeUpdate } from "../episode-state.ts";
import { replyFits, reservedTokens, tokenRoom } from "../token-room.ts";

/** Writes the first prompt. One that is too long ends the episode with no action: `context_overflow`. */
export function open(_state: EpisodeState, episode: EpisodeContext): EpisodeUpdate {
  episode.emit({ type: "episode-start", question: episode.question });
  const expired = episode.deadline.expired();
  if (expired !== null) return { outcome: { type: "failed", failure: expired } };
  const { dialogue, question } = episode;
  if (question.length > maxQuestionLength)
    return { ...dialogue.open(null), outcome: { type: "stopped", reason: "context_overflow" } };
  const opening = dialogue.open(question);
  const fits = dialogue.retrievesFirst
    ? replyFits(opening, episode)
    : tokenRoom(opening, episode).tokens >= reservedTokens(episode);
  return fits ? opening : { ...opening, outcome: { type: "stopped", reason: "context_overflow" } };
}
