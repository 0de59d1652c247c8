import { commonPrefixLength } from "./cached-sequence.ts";
import type { CachedSequence } from "./cached-sequence.ts";

/** Fewer tokens are cheaper to evaluate than to copy. */
export const minSharedTokens = 32;

/** A sequence, and what it will hold when the turn on it has evaluated its context. */
export interface Evaluated {
  readonly sequence: CachedSequence;
  readonly target: readonly number[];
}

export type SharedContext = { readonly type: "none" } | { readonly type: "wait" } | Copied;

interface Copied {
  readonly type: "copy";
  readonly source: CachedSequence;
}

/**
 * Where the beginning of a context is evaluated already, or is about to be: the episodes of a group ask the same
 * question and often see the same results. `wait` only where another sequence is at work on what is wanted.
 * @param own what the context's own sequence holds is not copied
 */
export function findSharedContext(
  context: readonly number[],
  own: CachedSequence,
  others: readonly Evaluated[],
): SharedContext {
  // The last token is always evaluated: it gives the output.
  const shared = (tokens: readonly number[]): number =>
    Math.min(commonPrefixLength(tokens, context), context.length - 1);
  let source: CachedSequence | null = null;
  let [held, promised] = [shared(own.tokens), 0];
  const least = held + minSharedTokens;
  for (const { sequence, target } of others) {
    promised = Math.max(promised, shared(target));
    const length = shared(sequence.tokens);
    if (length >= least && length > held && sequence.canCut(length)) [source, held] = [sequence, length];
  }
  if (promised >= held + minSharedTokens) return { type: "wait" };
  return source === null ? { type: "none" } : { type: "copy", source };
}
