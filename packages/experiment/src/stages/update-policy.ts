import { klEstimate, learningRateAt, type Divergence } from "@litmus/algorithms";
import { LitmusError, type AdapterFile, type Datum, type LossSpec, type Trainer } from "@litmus/core";
import { settingsAt } from "../config/optimizer.ts";
import type { ReinforcementConfig } from "../config/reinforcement.ts";
import type { Learner } from "../run/learner.ts";
import type { RunContext } from "../run/run-context.ts";
import type { StageStep } from "./draw-groups.ts";
import { withReference } from "./reference-policy.ts";
import type { Measured } from "./trained-tokens.ts";

/** What the updates of one step did. */
export interface UpdateSummary {
  /** Optimiser steps that changed the weights. */
  readonly updates: number;
  readonly refused: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly clipFraction: number;
  /** Mean entropy, nats a policy token. */
  readonly entropy: number | null;
  /** Sampler against trainer before the first update, also where nothing was trained; null where no episode is left. */
  readonly divergence: Divergence | null;
  /** What is known of the trainer's log-probabilities before the first update; the later of two of one datum counts. */
  readonly measured: readonly Measured[];
}

interface UpdateRequest {
  readonly stage: StageStep;
  readonly data: readonly Datum[];
  /** Compared where the data tell nothing: where there are none, none with the sampler's log-probabilities, or stale ones. */
  readonly probe: Probe;
}

/** Some trajectories, and what sampled them. */
interface Probe {
  readonly data: readonly Datum[];
  /** Null: the base. */
  readonly sampledWith: AdapterFile | null | "current";
}

/** One or more optimiser steps on the batch. A step in which no group varied changes nothing and says so. */
export async function updatePolicy(
  context: RunContext,
  learner: Learner,
  request: UpdateRequest,
): Promise<UpdateSummary> {
  const { stage, probe } = request;
  const { config, step, name } = stage;
  const { optimizer } = config;
  const learningRate = learningRateAt({
    base: optimizer.learningRate,
    steps: config.steps,
    warmupSteps: optimizer.warmupSteps,
    decay: optimizer.decay,
    step,
  });
  const idle = idleAt(learningRate);
  if (request.data.length === 0) {
    context.emit({
      type: "alarm-raised",
      alarm: "no-variance",
      message: `${name} step ${step + 1}: no group varies, so there is nothing to learn from`,
    });
    return { ...idle, ...(await probeDivergence(context, learner, probe)) };
  }
  const trainer = await learner.trainer();
  const referenced = await withReference(learner, stage, request.data);
  const isStale = probe.sampledWith !== "current";
  const probed = config.trainObservations || isStale ? await probeDivergence(context, learner, probe) : unprobed;
  const data = config.updatesPerStep === 1 ? referenced : await withOldLogProbs(trainer, referenced);
  let summary: UpdateSummary = { ...idle, measured: [...probed.measured, ...measuredBefore(data)] };
  for (const part of splitInto(data, config.updatesPerStep)) {
    const result = await trainer.forwardBackward(part, lossOf(config));
    const measured =
      summary.divergence ?? (config.trainObservations ? null : klEstimate(behaviour(part), result.logProbs));
    // Of stale data the distance to the policy is told; what must not be far apart are trainer and sampler at one version.
    const divergence = isStale ? (measured ?? probed.divergence) : (probed.divergence ?? measured);
    if (!isStale && divergence !== null) refuseDivergence(context, divergence);
    const { gradientNorm, applied } = await trainer.optimizerStep(settingsAt(learningRate, optimizer));
    if (!applied)
      context.emit({
        type: "alarm-raised",
        alarm: "gradient-not-finite",
        message: `an update of ${name} step ${step + 1} was refused`,
      });
    summary = {
      updates: summary.updates + (applied ? 1 : 0),
      refused: summary.refused + (applied ? 0 : 1),
      loss: summary.loss + result.loss,
      gradientNorm: Math.max(summary.gradientNorm, gradientNorm),
      learningRate,
      clipFraction: Math.max(summary.clipFraction, result.clipFraction),
      // Of retrieved tokens it would say nothing of the policy.
      entropy: config.trainObservations ? null : (summary.entropy ?? mean(result.entropies.flat())),
      divergence,
      measured: [...summary.measured, ...(config.updatesPerStep === 1 ? measure(part, result.logProbs) : [])],
    };
  }
  return summary;
}

const idleAt = (learningRate: number): UpdateSummary => ({
  updates: 0,
  refused: 0,
  loss: 0,
  gradientNorm: 0,
  learningRate,
  clipFraction: 0,
  entropy: null,
  divergence: null,
  measured: [],
});

type Probed = Pick<UpdateSummary, "divergence" | "measured">;
const unprobed: Probed = { divergence: null, measured: [] };

/** A wrong adapter shows in any step, not only in those that train. */
async function probeDivergence(context: RunContext, learner: Learner, { data, sampledWith }: Probe): Promise<Probed> {
  if (data.length === 0) return unprobed;
  const trainer = await learner.trainer();
  const logProbs = await (sampledWith === "current" ? trainer.forward(data) : trainer.forward(data, sampledWith));
  const divergence = klEstimate(behaviour(data), logProbs);
  refuseDivergence(context, divergence);
  return { divergence, measured: sampledWith === "current" ? measure(data, logProbs) : [] };
}

const measure = (data: readonly Datum[], logProbs: readonly (readonly number[])[]): Measured[] =>
  data.map((datum, index) => ({ datum, logProbs: logProbs[index] ?? [] }));
/** Several updates need old log-probabilities: what they are divided by is what is known before the first. */
const measuredBefore = (data: readonly Datum[]): Measured[] =>
  data.flatMap((datum) => (datum.oldLogProbs === null ? [] : [{ datum, logProbs: datum.oldLogProbs }]));

function lossOf(config: ReinforcementConfig): LossSpec {
  const { clip, truncation, entropyBonus } = config;
  const terms = { kl: klOf(config), entropyBonus };
  const ratio = { clipLow: clip.low, clipHigh: clip.high, truncation };
  switch (config.loss) {
    case "importance_sampling":
      return { type: "importance_sampling", ...terms };
    case "ppo":
      return { type: "ppo", ...ratio, dualClip: clip.dual, ...terms };
    case "cispo":
      return { type: "cispo", ...ratio, ...terms };
    default:
      return config.loss satisfies never;
  }
}

function klOf({ kl }: ReinforcementConfig): { estimator: "k2" | "k3"; coefficient: number } | null {
  // `k1` as a loss is refused with the config.
  if (kl?.in !== "loss" || kl.estimator === "k1") return null;
  return { estimator: kl.estimator, coefficient: kl.coefficient };
}

const behaviour = (data: readonly Datum[]): (readonly number[])[] => data.map((datum) => datum.behaviourLogProbs ?? []);
const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

async function withOldLogProbs(trainer: Trainer, data: readonly Datum[]): Promise<Datum[]> {
  const old = await trainer.forward(data);
  return data.map((datum, index) => ({ ...datum, oldLogProbs: old[index] ?? null }));
}

function splitInto<T>(items: readonly T[], parts: number): T[][] {
  const size = Math.ceil(items.length / parts);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

/** Before any weight changes: a trainer that disagrees with the sampler would learn from another policy's samples. */
function refuseDivergence(context: RunContext, divergence: Divergence): void {
  const limit = context.config.limits.samplerTrainerKl;
  if (divergence.klNats <= limit) return;
  throw new LitmusError(
    "gate-failed",
    `sampler and trainer disagree: KL ${divergence.klNats.toExponential(2)} nats a token is above ${limit}`,
    {
      path: "limits.samplerTrainerKl",
      hint: "check that model.weights is f16 and that both use the same adapter; the last checkpoint is kept",
    },
  );
}
