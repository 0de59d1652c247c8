import type { EpisodeUsage, Outcome, ParsedAction, PolicyIdentity, ShownHit, StopReason } from "@litmus/core";
import type { EpisodeState } from "../graph/episode-state.ts";
import type { Found } from "../render/fit-observation.ts";

/** Words of either side: ids with their writers, or messages; a dialogue uses one of both. */
export type Saying = Pick<EpisodeState, "tokens" | "segments" | "logProbs" | "messages">;

export const silence: Saying = { tokens: [], segments: [], logProbs: [], messages: [] };

/** What has been said so far, up to the current turn. */
export type Said = Saying & Pick<EpisodeState, "turn">;

/** Tokens that the episode may still grow by, and the limit that says so. */
export interface TokenRoom {
  readonly tokens: number;
  readonly limit: Extract<StopReason, "max_sampled_tokens" | "context_overflow">;
}

export interface ActionRequest {
  readonly seed: number;
  readonly temperature: number;
  readonly maxActionTokens: number;
  readonly room: TokenRoom;
  readonly signal: AbortSignal;
}

export interface Acted {
  readonly text: string;
  readonly action: ParsedAction;
  /** The limit that cut the action short: of one action, of the episode, or of the context; null when none did. */
  readonly cutBy: Extract<StopReason, "max_tokens" | "max_sampled_tokens" | "context_overflow"> | null;
  readonly sampledTokens: number;
  readonly usage: Omit<EpisodeUsage, "searches">;
  readonly policy: PolicyIdentity;
  readonly saying: Saying;
}

/** A search's results as said, and what of each hit they show. */
export interface Shown {
  readonly saying: Saying;
  readonly hits: readonly ShownHit[];
}

/**
 * How one episode is held with its policy: in ids with a token policy, in messages with a chat model. All else, the graph,
 * its limits and its record, is the same for both.
 */
export interface Dialogue {
  readonly contextTokens: number;
  /** Tokens that all episodes of the prompt begin with. */
  readonly sharedTokens: number;
  /** Fewest tokens of a reply that shows anything, with what the prompt writes around it. */
  readonly fewestReplyTokens: number;
  /** Most tokens kept free for an answer whenever something is shown; never more than the longest action. */
  readonly mostAnswerTokens: number;
  /** Fewest tokens that `maxObservationTokens` may be. */
  readonly fewestObservationTokens: number;
  /** The bare question is searched before the first action, and the policy may only answer. */
  readonly retrievesFirst: boolean;
  identity(): PolicyIdentity;
  /** Tokens of what was said: counted with the policy's tokenizer, estimated where it has none. */
  tokensOf(said: Saying): number;
  /** The prompt; without a question where it is too long to be asked. */
  open(question: string | null): Saying;
  /** Asks the policy for one action and reads it. */
  act(said: Said, request: ActionRequest): Promise<Outcome<Acted>>;
  /** The results of a search, of which the block has at most so many tokens. */
  observe(said: Said, found: Found, maxTokens: number): Shown;
  /** The reply to an action that says nothing. */
  correct(said: Said): Saying;
  /** Ends the episode for the policy. */
  end(): void;
}
