/** @file Whether the server's gradient is that of the loss, for every loss and both ways in which servers divide. */
import { tokenLoss } from "@litmus/algorithms";
import { sha256 } from "@litmus/core";
import type { Datum, LossSpec, OptimizerSettings, Trainer } from "@litmus/core";
import { describe, expect, it } from "vitest";
import type { ServerName } from "../service/server-traits.ts";
import { copyAdapter, freshAdapter, TinyPolicy } from "../testing/tiny-policy.ts";
import type { TinyAdapter } from "../testing/tiny-policy.ts";
import { openFakeService } from "../testing/index.ts";
import type { WireForm } from "../wire/codec.ts";
import { createTinkerTrainer } from "./tinker-trainer.ts";

const lora = { rank: 4, seed: 7 };
const tokenizer = { vocabularySize: 24, decode: String };
const terms = { kl: { estimator: "k2", coefficient: 0.3 }, entropyBonus: 0 } as const;
const plain = { kl: null, entropyBonus: 0 } as const;
const ratio = { clipLow: 0.2, clipHigh: 0.28, truncation: 2 } as const;

const losses: readonly LossSpec[] = [
  { type: "cross_entropy" },
  { type: "importance_sampling", ...plain },
  { type: "importance_sampling", ...terms },
  { type: "ppo", ...ratio, dualClip: 3, ...terms },
  { type: "cispo", ...ratio, ...plain },
];

/** Sequences of unequal length, with weights and advantages of both signs; the second one is mostly not the policy's. */
function dataFor(loss: LossSpec): Datum[] {
  const known = (values: readonly number[]): readonly number[] | null =>
    loss.type === "cross_entropy" ? null : values;
  const datum = (id: string, tokens: readonly number[], positions: readonly number[]): Datum => ({
    id,
    tokens,
    positions,
    weights: positions.map((_, i) => 0.1 + 0.05 * i),
    advantages: positions.map((_, i) => (loss.type === "cross_entropy" ? 1 : i % 2 === 0 ? 1.5 : -0.75)),
    behaviourLogProbs: known(positions.map((position) => -3 - 0.3 * (position % 3))),
    oldLogProbs: known(positions.map((position) => -3.1 - 0.1 * (position % 4))),
    referenceLogProbs: known(positions.map((position) => -3.4 + 0.05 * position)),
  });
  return [
    datum("long", [23, 1, 2, 3, 4, 5, 6], [1, 2, 3, 5, 6]),
    datum("short", [23, 10, 11, 12, 13, 14, 15, 16, 17, 18], [9]),
  ];
}

const policy = new TinyPolicy("tiny", tokenizer.vocabularySize);
const fresh = freshAdapter(tokenizer.vocabularySize, lora.rank, lora.seed);

function logProbsAt(adapter: TinyAdapter, { tokens, positions }: Datum): number[] {
  const all = policy.logProbs(adapter, tokens.slice(0, -1), tokens.slice(1));
  return positions.map((position) => all[position - 1] as number);
}

/** The loss of a datum; CISPO's factor is a constant, that of the fresh adapter. */
function lossOf(spec: LossSpec, datum: Datum, logProbs: readonly number[]): number {
  if (spec.type !== "cispo") return tokenLoss(spec, { ...datum, logProbs, entropies: logProbs.map(() => 0) }).value;
  const { weights, advantages, oldLogProbs, behaviourLogProbs } = datum;
  return logProbsAt(fresh, datum).reduce((sum, start, i) => {
    const clipped = Math.min(Math.max(Math.exp(start - oldLogProbs![i]!), 1 - spec.clipLow), 1 + spec.clipHigh);
    const truncated = Math.min(Math.exp(oldLogProbs![i]! - behaviourLogProbs![i]!), spec.truncation!);
    return sum - weights[i]! * truncated * clipped * advantages[i]! * logProbs[i]!;
  }, 0);
}

/** Σ of squares of the loss's derivatives by finite differences; B of a fresh adapter is 0, so A has none. */
function squaredNorm(spec: LossSpec, data: readonly Datum[]): number {
  const step = 1e-4;
  const lossAt = (adapter: TinyAdapter): number =>
    data.reduce((sum, datum) => sum + lossOf(spec, datum, logProbsAt(adapter, datum)), 0);
  return fresh.b.reduce((sum, _, i) => {
    const [up, down] = [copyAdapter(fresh), copyAdapter(fresh)];
    up.b[i]! += step;
    down.b[i]! -= step;
    return sum + ((lossAt(up) - lossAt(down)) / (2 * step)) ** 2;
  }, 0);
}

const eta = 1e-4;
/** AdamW that is plain descent by `eta`: without memory, and with an epsilon that drowns the second moment. */
const descent: OptimizerSettings = {
  learningRate: 1e9 * eta,
  beta1: 0,
  beta2: 0,
  epsilon: 1e9,
  weightDecay: 0,
  maxGradientNorm: Infinity,
};

async function valueOf(trainer: Trainer, spec: LossSpec, data: readonly Datum[]): Promise<number> {
  const logProbs = await trainer.forward(data);
  return data.reduce((sum, datum, i) => sum + lossOf(spec, datum, logProbs[i] ?? []), 0);
}

describe.each<[WireForm, ServerName]>([
  ["json", "skyrl"],
  ["json", "hosted"],
  ["protobuf", "skyrl"],
])("through %s to %s", (form, server) => {
  // A vector as long as the gradient, along which the loss falls by its squared length, is the gradient.
  it.each(losses)("a step on $type follows the gradient of the loss", async (spec) => {
    const { service } = await openFakeService({ tokenizer, form, server });
    const trainer = await createTinkerTrainer(service, { baseSha256: sha256("tiny"), lora });
    const data = dataFor(spec);
    const [before, expected] = [await valueOf(trainer, spec, data), squaredNorm(spec, data)];
    // Two calls before the step: the server's divisor is the number of all sequences.
    for (const datum of data) {
      const { loss, logProbs } = await trainer.forwardBackward([datum], spec);
      const entropies = logProbs.flat().map(() => 0);
      expect(loss).toBeCloseTo(tokenLoss(spec, { ...datum, logProbs: logProbs.flat(), entropies }).value, 12);
    }
    const { gradientNorm } = await trainer.optimizerStep(descent);
    expect(gradientNorm ** 2 / expected).toBeCloseTo(1, 4);
    const fall = before - (await valueOf(trainer, spec, data));
    expect(fall / (eta * expected)).toBeCloseTo(1, 1);
    expect(fall).toBeGreaterThan(0);
  });
});

it("gives tokens that are not the policy's no gradient, in a loss that would like to have one", async () => {
  const { service } = await openFakeService({ tokenizer });
  const trainer = await createTinkerTrainer(service, { baseSha256: sha256("tiny"), lora });
  const [datum] = dataFor({ type: "cross_entropy" });
  const norm = async (tokens: readonly number[]): Promise<number> => {
    const one = { ...datum!, tokens, positions: [2], weights: [1], advantages: [1] };
    await trainer.forwardBackward([one], { type: "cross_entropy" });
    return (await trainer.optimizerStep({ ...descent, learningRate: 0 })).gradientNorm;
  };
  expect(await norm([23, 1, 2, 3, 4])).toBe(await norm([23, 1, 2]));
  expect(await norm([23, 1, 2])).not.toBe(await norm([23, 0, 2]));
});
