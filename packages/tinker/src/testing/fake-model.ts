/** @file One model on the fake server: forward, backward and optimiser step over the tiny policy. */
import type { ServerTraits } from "../service/server-traits.ts";
import type { AdamParams, FakeState } from "./fake-optimizer.ts";
import { adamStep, normOf, zerosLike } from "./fake-optimizer.ts";
import type { PassRequest, PassDatum } from "./fake-wire.ts";
import { Refusal } from "./refusal.ts";
import type { TinyAdapter, TinyPolicy } from "./tiny-policy.ts";

export interface FakeModelParts {
  readonly id: string;
  readonly sessionId: string;
  readonly policy: TinyPolicy;
  readonly traits: ServerTraits;
  readonly state: FakeState;
}

export class FakeModel {
  readonly id: string;
  readonly sessionId: string;
  /** What was answered to each `seq_id`, with the body that it came with. */
  readonly answered = new Map<number, { readonly body: string; readonly requestId: string }>();
  state: FakeState;
  /** Loading is only for a model that has done nothing yet. */
  isTouched = false;
  readonly #policy: TinyPolicy;
  readonly #traits: ServerTraits;
  #gradient: TinyAdapter;
  #sequences = 0;

  constructor({ id, sessionId, policy, traits, state }: FakeModelParts) {
    this.id = id;
    this.sessionId = sessionId;
    this.#policy = policy;
    this.#traits = traits;
    this.state = state;
    this.#gradient = zerosLike(state.adapter);
  }

  /** Log-probabilities of every target; the gradient is added unless the pass only reads. @throws Refusal as a handled failure */
  pass(request: PassRequest): number[][] {
    this.isTouched = true;
    const logProbs = request.data.map(({ inputs, targets }) =>
      this.#policy.logProbs(this.state.adapter, inputs, targets),
    );
    if (!request.forwardOnly) request.data.forEach((datum, i) => this.#learn(request.loss, datum, logProbs[i] ?? []));
    return logProbs;
  }

  /** @returns the gradient's norm before clipping */
  step(params: AdamParams, clipNorm: number | null): number {
    this.isTouched = true;
    const mean = this.#traits.reduction === "token-sum" ? 1 : 1 / Math.max(1, this.#sequences);
    const norm = mean * normOf(this.#gradient);
    const clip = clipNorm !== null && norm > clipNorm ? clipNorm / norm : 1;
    adamStep(this.state, this.#gradient, params, mean * clip);
    this.#gradient = zerosLike(this.state.adapter);
    this.#sequences = 0;
    return norm;
  }

  #learn(loss: string, datum: PassDatum, logProbs: readonly number[]): void {
    const weights = datum.weights ?? logProbs.map(() => 1);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const divisor = this.#traits.reduction === "token-sum" ? 1 : total;
    const slopes = logProbs.map((logProb, i) => {
      const weight = (weights[i] as number) / divisor;
      if (loss === "cross_entropy") return -weight;
      if (datum.logProbs === null || datum.advantages === null) throw new Refusal(400, `${loss} misses inputs`);
      return -weight * Math.exp(logProb - (datum.logProbs[i] as number)) * (datum.advantages[i] as number);
    });
    this.#policy.addGradient(this.state.adapter, datum, slopes, this.#gradient);
    this.#sequences += 1;
  }
}
