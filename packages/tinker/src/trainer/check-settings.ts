import { LitmusError } from "@litmus/core";
import type { LossSpec, OptimizerSettings } from "@litmus/core";
import type { ServerTraits } from "../service/server-traits.ts";

/** What a server that cannot clip the gradient does with `maxGradientNorm`. */
export const unclippedNorms = ["refuse", "stop-above"] as const;
/**
 * `refuse`: a finite bound is refused before anything is sent.
 * `stop-above`: the bound is an alarm; a step with a larger norm, which the server has taken unclipped, ends the training
 * until an earlier state is loaded.
 */
export type UnclippedNorm = (typeof unclippedNorms)[number];

/** @throws LitmusError `invalid-config` for an entropy bonus: entropies and their gradient stay on the server */
export function checkTinkerLoss(loss: LossSpec): void {
  if (loss.type === "cross_entropy" || loss.entropyBonus === 0) return;
  throw new LitmusError("invalid-config", "a Tinker server cannot train with an entropy bonus", {
    path: "entropyBonus",
    hint: "set it to 0, or train with the local trainer",
  });
}

/** @throws LitmusError `invalid-config` for what the server would drop without a word */
export function checkTinkerOptimizer(
  settings: OptimizerSettings,
  traits: ServerTraits,
  unclipped: UnclippedNorm,
): void {
  const { maxGradientNorm, ...numbers } = settings;
  const broken = Object.entries(numbers).find(([, value]) => !Number.isFinite(value));
  if (broken !== undefined)
    throw new LitmusError("invalid-config", `${broken[0]} is ${broken[1]}`, { path: broken[0] });
  if (!(maxGradientNorm > 0)) {
    throw new LitmusError("invalid-config", `maxGradientNorm is ${maxGradientNorm}`, { path: "maxGradientNorm" });
  }
  if (traits.clipsGradient || maxGradientNorm === Infinity || unclipped === "stop-above") return;
  throw new LitmusError("invalid-config", "this Tinker server does not clip the gradient's norm", {
    path: "maxGradientNorm",
    hint: 'set it to .inf, or set the trainer\'s unclippedNorm to "stop-above"',
  });
}

/** @throws LitmusError `invalid-config` for a rank that is no natural number: 0 would train every weight */
export function checkTinkerLora(lora: { readonly rank: number; readonly seed: number }): void {
  if (!Number.isInteger(lora.rank) || lora.rank < 1) {
    throw new LitmusError("invalid-config", `the rank is ${lora.rank}`, { path: "lora.rank" });
  }
  if (!Number.isInteger(lora.seed) || lora.seed < 0) {
    throw new LitmusError("invalid-config", `the seed is ${lora.seed}`, { path: "lora.seed" });
  }
}
