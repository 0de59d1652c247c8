/**
 * @file Any loss of token log-probabilities through a server's `importance_sampling`, −Σ r A with r = exp(lp − logprobs):
 * with logprobs = the forward pass's own, r is 1 and its gradient is −A ∇lp. So A = −∂L/∂lp gives the gradient of L itself.
 * Departs from sending the loss by name: clip bounds, truncation, dual clip and KL terms then mean here what they mean
 * in the local trainer, and do not depend on the server's.
 */
import { tokenLoss } from "@litmus/algorithms";
import type { TokenLoss } from "@litmus/algorithms";
import type { Datum, LossSpec } from "@litmus/core";
import type { ServerTraits } from "../service/server-traits.ts";
import type { WireDatum } from "../wire/model-pass.ts";
import { toWireDatum } from "../wire/shift-tokens.ts";

/** A datum whose share of the gradient is known and not yet sent. */
export interface PendingDatum {
  readonly datum: Datum;
  /** S values, nats: of the forward pass. */
  readonly logProbs: readonly number[];
  /** S derivatives of the loss with respect to the log-probabilities. */
  readonly derivative: readonly number[];
}

/** Estimates of entropy in nats: a sampled token's surprisal, which has the entropy as its mean over the policy's own samples. */
export function surprisals(logProbs: readonly number[]): number[] {
  return logProbs.map((logProb) => Math.max(0, -logProb));
}

/** The loss of one datum at the log-probabilities of a forward pass. @throws LitmusError as `tokenLoss` */
export function lossOf(spec: LossSpec, datum: Datum, logProbs: readonly number[]): TokenLoss {
  return tokenLoss(spec, { ...datum, logProbs, entropies: surprisals(logProbs) });
}

/**
 * All data of one update as the server must see them, so that its gradient is the sum of the pending ones.
 * The server's divisors (Σ weights of a sequence, number of sequences) are multiplied in beforehand.
 */
export function toSurrogate(pending: readonly PendingDatum[], reduction: ServerTraits["reduction"]): WireDatum[] {
  return pending.map(({ datum, logProbs, derivative }) => {
    const divisor = reduction === "token-sum" ? 1 : datum.positions.length * pending.length;
    return toWireDatum(datum, { logProbs, advantages: derivative.map((slope) => -slope * divisor) });
  });
}
