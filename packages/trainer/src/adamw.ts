/** @file AdamW (arXiv:1711.05101): Adam with decoupled weight decay, after clipping the gradient's global L2 norm. */
import type { OptimizerResult, OptimizerSettings } from "@litmus/core";

/** Everything that an optimiser step changes. All arrays have one length. */
export interface TrainingState {
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  /** Optimiser steps so far. */
  updates: number;
}

/** One step in place; a gradient that is not finite changes nothing. */
export function adamwStep(state: TrainingState, gradient: Float32Array, settings: OptimizerSettings): OptimizerResult {
  const gradientNorm = l2Norm(gradient);
  if (!Number.isFinite(gradientNorm)) return { gradientNorm, applied: false };
  state.updates += 1;
  const clip = gradientNorm > settings.maxGradientNorm ? settings.maxGradientNorm / gradientNorm : 1;
  const { beta1, beta2, epsilon, learningRate } = settings;
  const firstCorrection = 1 - beta1 ** state.updates;
  const secondCorrection = 1 - beta2 ** state.updates;
  const decay = 1 - learningRate * settings.weightDecay;
  const { parameters, firstMoment, secondMoment } = state;
  for (let i = 0; i < parameters.length; i++) {
    const slope = (gradient[i] as number) * clip;
    const first = beta1 * (firstMoment[i] as number) + (1 - beta1) * slope;
    const second = beta2 * (secondMoment[i] as number) + (1 - beta2) * slope * slope;
    firstMoment[i] = first;
    secondMoment[i] = second;
    const step = first / firstCorrection / (Math.sqrt(second / secondCorrection) + epsilon);
    parameters[i] = decay * (parameters[i] as number) - learningRate * step;
  }
  return { gradientNorm, applied: true };
}

function l2Norm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (values[i] as number);
  return Math.sqrt(sum);
}
