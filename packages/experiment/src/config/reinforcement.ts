/** @file A reinforcement stage of the experiment file: its type names the published algorithm, which sets the defaults. */
import { advantageEstimators, aggregations, klEstimators } from "@litmus/algorithms";
import { z } from "zod";
import { optimizer } from "./optimizer.ts";

const positive = z.int().min(1);
const share = z.number().min(0).max(1);

export const reinforcementTypes = ["grpo", "dr-grpo", "rloo", "reinforce", "dapo"] as const;
export type ReinforcementType = (typeof reinforcementTypes)[number];

const losses = ["ppo", "cispo", "importance_sampling"] as const;

/** What distinguishes the published algorithms; every part can be set otherwise. */
interface Preset {
  readonly advantage: (typeof advantageEstimators)[number];
  readonly loss: (typeof losses)[number];
  readonly aggregation: (typeof aggregations)[number];
  readonly clipHigh: number;
  readonly dynamicSampling: boolean;
}

const presets: Readonly<Record<ReinforcementType, Preset>> = {
  /** arXiv:2402.03300; without its KL term unless `kl` is set. */
  grpo: preset("group-standardised", "ppo", "sequence-mean"),
  /** arXiv:2503.20783. */
  "dr-grpo": preset("group-centred", "ppo", "constant"),
  /** arXiv:2402.14740. */
  rloo: preset("leave-one-out", "importance_sampling", "constant"),
  /** Williams, 1992, with the mean return of the batch as baseline. */
  reinforce: preset("batch-centred", "importance_sampling", "constant"),
  /** arXiv:2503.14476. Its overlong penalty needs a length of its own: `overlong`. */
  dapo: { ...preset("group-standardised", "ppo", "token-mean"), clipHigh: 0.28, dynamicSampling: true },
};

function preset(advantage: Preset["advantage"], loss: Preset["loss"], aggregation: Preset["aggregation"]): Preset {
  return { advantage, loss, aggregation, clipHigh: 0.2, dynamicSampling: false };
}

/** The stage of one type, with its defaults. */
export function reinforcementStage<T extends ReinforcementType>(type: T) {
  const defaults = presets[type];
  return z.strictObject({
    type: z.literal(type),
    steps: positive,
    problemsPerStep: positive,
    groupSize: positive,
    /** The loss reads log-probabilities at temperature 1, so sampling must too. */
    temperature: z.literal(1).default(1),
    optimizer,
    advantage: z.enum(advantageEstimators).default(defaults.advantage),
    loss: z.enum(losses).default(defaults.loss),
    /** Ratio bounds [1 − low, 1 + high]: arXiv:1707.06347; `dual` bounds the loss of negative advantages: arXiv:1912.09729. */
    clip: z
      .strictObject({
        low: share.default(0.2),
        high: z.number().positive().default(defaults.clipHigh),
        dual: z.number().gt(1).nullable().default(null),
      })
      .prefault({}),
    /** Truncated importance weight min(old/μ, C), C = 2 as in published recipes; null switches it off. */
    truncation: z
      .number()
      .positive()
      .nullable()
      .default(defaults.loss === "importance_sampling" ? null : 2),
    aggregation: z.enum(aggregations).default(defaults.aggregation),
    /** To the policy that the stage began with. `loss` adds the estimate to each token's loss, `reward` subtracts its sum from the return. */
    kl: z
      .strictObject({
        coefficient: z.number().positive(),
        estimator: z.enum(klEstimators).default("k3"),
        in: z.enum(["loss", "reward"]).default("loss"),
      })
      .nullable()
      .default(null),
    /** − coefficient · entropy in each token's loss. */
    entropyBonus: z.number().min(0).default(0),
    /** DAPO's soft penalty on trajectories of more than maxTokens − margin policy tokens, added to the return. */
    overlong: z.strictObject({ maxTokens: positive, margin: positive }).nullable().default(null),
    /** Groups without variance are replaced by further problems, in up to so many batches a step. */
    dynamicSampling: z
      .strictObject({ maxBatches: z.int().min(2).max(20).default(4) })
      .nullable()
      .default(defaults.dynamicSampling ? { maxBatches: 4 } : null),
    /** Problems whose pass rate lies outside [low, high] are passed over; `probe` samples of each are made before the first step. */
    curriculum: z
      .strictObject({
        low: share.default(0.1),
        high: share.default(0.9),
        probe: z.int().min(1).max(64).default(4),
      })
      .nullable()
      .default(null),
    /** Retrieved tokens are trained on like the policy's own: an ablation, not a method. */
    trainObservations: z.boolean().default(false),
    /** Optimiser steps a batch is divided into. */
    updatesPerStep: positive.default(1),
    /**
     * How many versions behind the newest a step's trajectories are sampled: those of the next steps are made while the policy
     * is updated. 0 = synchronous. Importance weights correct for it (arXiv:2505.24298).
     */
    staleness: z.int().min(0).max(8).default(0),
  });
}

export type ReinforcementConfig = z.infer<ReturnType<typeof reinforcementStage>>;

/** What cannot go together, as [key, why]. */
export function contradictionsOf(stage: ReinforcementConfig): [key: keyof ReinforcementConfig, why: string][] {
  const found: [keyof ReinforcementConfig, string][] = [];
  if (stage.updatesPerStep > stage.problemsPerStep)
    found.push(["updatesPerStep", "more updates than problems in a step"]);
  if (stage.groupSize < 2 && stage.advantage !== "batch-centred")
    found.push(["groupSize", `a group of one has no baseline: advantage ${stage.advantage} needs at least 2`]);
  if (stage.groupSize * stage.problemsPerStep < 2) found.push(["problemsPerStep", "a batch of one has no baseline"]);
  if (stage.loss === "importance_sampling" && stage.truncation !== null)
    found.push(["truncation", "importance_sampling corrects for the sampler itself: a second correction is refused"]);
  if (stage.clip.dual !== null && stage.loss !== "ppo") found.push(["clip", `loss ${stage.loss} has no dual clip`]);
  if (stage.clip.dual !== null && stage.clip.dual <= 1 + stage.clip.high)
    found.push(["clip", "the dual clip must lie above 1 + high"]);
  if (stage.kl?.in === "loss" && stage.kl.estimator === "k1")
    found.push(["kl", "k1 as a loss has no expected gradient: use k2 or k3, or in: reward"]);
  if (stage.overlong !== null && stage.overlong.margin >= stage.overlong.maxTokens)
    found.push(["overlong", "the margin must be below maxTokens"]);
  if (stage.curriculum !== null && stage.curriculum.low > stage.curriculum.high)
    found.push(["curriculum", "the band is empty: low is above high"]);
  if (stage.trainObservations && stage.truncation !== null)
    found.push(["truncation", "retrieved tokens were not sampled and have no importance weight: set it to null"]);
  if (stage.trainObservations && stage.loss === "importance_sampling")
    found.push(["loss", "retrieved tokens were not sampled: importance_sampling has no ratio for them"]);
  if (stage.staleness > 0 && stage.dynamicSampling !== null)
    found.push(["staleness", "dynamic sampling draws problems by what the groups before them gave: set one of both"]);
  if (stage.staleness > 0 && stage.curriculum !== null)
    found.push(["staleness", "a curriculum draws problems by what the steps before gave: set one of both"]);
  if (stage.dynamicSampling !== null && stage.groupSize < 2)
    found.push(["dynamicSampling", "groups of one never vary"]);
  return found;
}
