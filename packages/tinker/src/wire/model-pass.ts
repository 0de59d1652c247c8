/** @file What a forward or forward-backward call says, whatever its form on the wire. */

/** A loss by its name in the API: a pass that only reads takes `cross_entropy`. */
export type WireLoss = "cross_entropy" | "importance_sampling";

/** One sequence, shifted: `targets[i]` is the token that follows `inputs[0..i]`. All columns have one length. */
export interface WireDatum {
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  /** 1 where a token is learned or read, else 0. Never left out: a server takes what is missing for ones. */
  readonly weights: readonly number[];
  /** Read by `importance_sampling` only. */
  readonly logProbs: readonly number[] | null;
  /** Read by `importance_sampling` only. */
  readonly advantages: readonly number[] | null;
}

export interface ModelPass {
  readonly modelId: string;
  /** Counts from 1 for each model; 0 would be read as absent. */
  readonly sequence: number;
  readonly loss: WireLoss;
  readonly data: readonly WireDatum[];
  /** True = log-probabilities only, no gradient. */
  readonly forwardOnly: boolean;
}

/** Per datum, one log-probability in nats for every target. */
export interface ModelPassResult {
  readonly logProbs: readonly (readonly number[])[];
}

/** One action, as the server cut it. */
export interface SampledSequence {
  readonly stopReason: "stop" | "length";
  readonly tokens: readonly number[];
  /** Natural logarithms, one a token. */
  readonly logProbs: readonly number[];
}

/** The inputs of a datum by the API's names, in the order of the names. */
export function lossInputs(datum: WireDatum): readonly (readonly [string, "int64" | "float32", readonly number[]])[] {
  const columns = [
    ["advantages", "float32", datum.advantages],
    ["logprobs", "float32", datum.logProbs],
    ["target_tokens", "int64", datum.targets],
    ["weights", "float32", datum.weights],
  ] as const;
  return columns.flatMap(([name, type, values]) => (values === null ? [] : [[name, type, values] as const]));
}
