import type { TokenPage } from "@litmus/api";

/** All that is known of one token. */
export interface TokenFacts {
  /** Place in the trajectory, from 0. */
  readonly index: number;
  readonly id: number;
  /** Null without the model's vocabulary. */
  readonly text: string | null;
  readonly kind: TokenPage["segments"][number]["kind"];
  /** From 0. */
  readonly turn: number;
  /** In nats; null of tokens that nobody sampled. */
  readonly logProb: number | null;
  readonly advantage: number | null;
  readonly trainerLogProb: number | null;
  /** Trainer minus sampler, in nats. */
  readonly difference: number | null;
}

/** A token of a page; null where the page does not hold it. */
export function tokenFacts(page: TokenPage, index: number): TokenFacts | null {
  const at = index - page.from;
  const id = page.ids[at];
  const segment = page.segments.find(({ start, end }) => index >= start && index < end);
  if (id === undefined || segment === undefined) return null;
  const logProb = page.logProbs[at] ?? null;
  const trainerLogProb = page.trainerLogProbs[at] ?? null;
  return {
    index,
    id,
    text: page.texts?.[at] ?? null,
    kind: segment.kind,
    turn: segment.turn,
    logProb,
    advantage: page.advantages[at] ?? null,
    trainerLogProb,
    difference: logProb === null || trainerLogProb === null ? null : trainerLogProb - logProb,
  };
}
