/** @file AdamW over one adapter, as a server runs it: no schedule, clipping only where the server clips. */
import { copyAdapter } from "./tiny-policy.ts";
import type { TinyAdapter } from "./tiny-policy.ts";

export interface AdamParams {
  readonly learning_rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weight_decay: number;
}

/** Weights, moments and the count of steps. */
export interface FakeState {
  readonly adapter: TinyAdapter;
  readonly first: TinyAdapter;
  readonly second: TinyAdapter;
  steps: number;
}

export const zerosLike = ({ rank, a, b }: TinyAdapter): TinyAdapter => ({
  rank,
  a: new Float64Array(a.length),
  b: new Float64Array(b.length),
});

export const freshState = (adapter: TinyAdapter): FakeState => ({
  adapter,
  first: zerosLike(adapter),
  second: zerosLike(adapter),
  steps: 0,
});

export const copyState = ({ adapter, first, second, steps }: FakeState): FakeState => ({
  adapter: copyAdapter(adapter),
  first: copyAdapter(first),
  second: copyAdapter(second),
  steps,
});

export const normOf = ({ a, b }: TinyAdapter): number => Math.hypot(...a, ...b);

/** One step in place. @param factor of the gradient: its mean over sequences, and clipping */
export function adamStep(state: FakeState, gradient: TinyAdapter, params: AdamParams, factor: number): void {
  state.steps += 1;
  const firstCorrection = 1 - params.beta1 ** state.steps;
  const secondCorrection = 1 - params.beta2 ** state.steps;
  for (const part of ["a", "b"] as const) {
    const [weights, first, second] = [state.adapter[part], state.first[part], state.second[part]];
    gradient[part].forEach((raw, i) => {
      const slope = raw * factor;
      first[i] = params.beta1 * (first[i] as number) + (1 - params.beta1) * slope;
      second[i] = params.beta2 * (second[i] as number) + (1 - params.beta2) * slope * slope;
      const step =
        (first[i] as number) / firstCorrection / (Math.sqrt((second[i] as number) / secondCorrection) + params.eps);
      weights[i] =
        (weights[i] as number) * (1 - params.learning_rate * params.weight_decay) - params.learning_rate * step;
    });
  }
}
