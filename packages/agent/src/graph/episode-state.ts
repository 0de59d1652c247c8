import { Annotation } from "@langchain/langgraph";
import type {
  ChatMessage,
  EpisodeOutcome,
  EpisodeUsage,
  ParsedAction,
  PolicyIdentity,
  RecordId,
  SearchCall,
  SearchHit,
  Segment,
  Turn,
} from "@litmus/core";

/** An action that has no reply yet. */
export interface PendingAction {
  readonly text: string;
  readonly action: ParsedAction;
  readonly sampledTokens: number;
  /** Whether the limit on one action's tokens ended it. */
  readonly cut: boolean;
}

/** A search that has been made and not yet shown. */
export interface FoundHits {
  readonly call: SearchCall;
  readonly hits: readonly SearchHit[];
}

const noUsage: EpisodeUsage = { prefilledTokens: 0, cachedTokens: 0, sampledTokens: 0, searches: 0 };
const appended = <T>() => Annotation<readonly T[]>({ reducer: (all, added) => [...all, ...added], default: () => [] });
const latest = <T>(initial: T) => Annotation<T>({ reducer: (_old, value) => value, default: () => initial });

/** All that an episode has seen and done. Nodes return what they add; only `turn` and what is pending is replaced. */
export const EpisodeState = Annotation.Root({
  tokens: appended<number>(),
  segments: appended<Segment>(),
  logProbs: appended<number>(),
  /** With a chat model; ids, segments and log-probabilities are then none. */
  messages: appended<ChatMessage>(),
  turns: appended<Turn>(),
  usage: Annotation<EpisodeUsage>({ reducer: addUsage, default: () => noUsage }),
  /** Index of the current turn. */
  turn: latest(0),
  pending: latest<PendingAction | null>(null),
  found: latest<FoundHits | null>(null),
  policy: latest<PolicyIdentity | null>(null),
  answerText: latest<string | null>(null),
  cited: latest<readonly RecordId[]>([]),
  outcome: latest<EpisodeOutcome | null>(null),
});

export type EpisodeState = typeof EpisodeState.State;
export type EpisodeUpdate = typeof EpisodeState.Update;

/** Usage of nothing but what is named. */
export const usageOf = (part: Partial<EpisodeUsage>): EpisodeUsage => ({ ...noUsage, ...part });

function addUsage(total: EpisodeUsage, added: EpisodeUsage): EpisodeUsage {
  return {
    prefilledTokens: total.prefilledTokens + added.prefilledTokens,
    cachedTokens: total.cachedTokens + added.cachedTokens,
    sampledTokens: total.sampledTokens + added.sampledTokens,
    searches: total.searches + added.searches,
  };
}
