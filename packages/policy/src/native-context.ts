/**
 * @file The part of node-llama-cpp's native context that is used without its public wrapper, which makes a sampler of
 * 262,144 candidates for every token and cannot draw and return a log-probability without sorting them.
 */
import { LitmusError } from "@litmus/core";
import type { LlamaContext, LlamaModel } from "node-llama-cpp";

/** Candidates of one draw; reused from draw to draw. */
export interface NativeSampler {
  applyConfig(config: { readonly temperature: number; readonly seed?: number }): void;
  dispose(): void;
}

/** Flat pairs: id, logit, id, logit … */
type LogitPairs = readonly number[] | undefined;

/** Ids to return the logits of; then whether to include the highest, the lowest, the selected; then how many of the top. */
type LogitFilter = readonly [
  tokens: readonly number[],
  highest: boolean,
  lowest: boolean,
  selected: boolean,
  top: number,
];

export interface NativeContext {
  initBatch(tokens: number): void;
  addToBatch(sequence: number, start: number, tokens: Uint32Array, outputs: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  sampleToken(output: number, sampler: NativeSampler): Promise<number>;
  sampleToken(
    output: number,
    sampler: NativeSampler,
    probabilities: false,
    confidence: false,
    logits: LogitFilter,
    totalLogitWeight: true,
  ): Promise<
    readonly [token: number, probabilities: undefined, confidence: undefined, LogitPairs, weight: number | undefined]
  >;
  disposeSequence(sequence: number): void;
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
  getSequenceKvCacheMinPosition(sequence: number): number;
  /** Resolves to the highest position copied. */
  copySequenceStateFromOtherSequence?(target: number, source: number): Promise<number>;
}

const required = [
  "initBatch",
  "addToBatch",
  "decodeBatch",
  "sampleToken",
  "disposeSequence",
  "removeTokenCellsFromSequence",
  "getSequenceKvCacheMinPosition",
] as const satisfies readonly (keyof NativeContext)[];

/** @throws LitmusError `incompatible` when this release of node-llama-cpp lacks a function that is needed */
export function nativeContextOf(context: LlamaContext): NativeContext {
  const native: unknown = Reflect.get(context, "_ctx");
  const missing = required.filter((name) => typeof memberOf(native, name) !== "function");
  if (missing.length > 0) throw unsupported(`AddonContext.${missing.join(", ")}`);
  return native as NativeContext;
}

/** @throws LitmusError `incompatible` when this release of node-llama-cpp has no sampler class */
export function createNativeSampler(model: LlamaModel): NativeSampler {
  const sampler: unknown = memberOf(memberOf(Reflect.get(model, "_llama"), "_bindings"), "AddonSampler");
  const native: unknown = Reflect.get(model, "_model");
  if (typeof sampler !== "function" || native === undefined) throw unsupported("AddonSampler");
  return Reflect.construct(sampler, [native]) as NativeSampler;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function unsupported(what: string): LitmusError {
  return new LitmusError("incompatible", `the installed node-llama-cpp has no ${what}`, {
    hint: "install node-llama-cpp 3.22",
  });
}
