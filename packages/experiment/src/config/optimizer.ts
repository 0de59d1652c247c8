import type { OptimizerSettings } from "@litmus/core";
import { z } from "zod";

const share = z.number().min(0).max(1);

/** Of one stage. */
export const optimizer = z.strictObject({
  learningRate: z.number().positive(),
  /** AdamW: Loshchilov and Hutter, arXiv:1711.05101; moments as in the usual LoRA recipes. */
  beta1: share.default(0.9),
  beta2: share.default(0.999),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0),
  maxGradientNorm: z.number().positive().default(1),
  /** Steps of linear warm-up; a warm-up that is not shorter than the stage is refused. */
  warmupSteps: z.int().min(0).default(0),
  decay: z.enum(["constant", "linear"]).default("constant"),
});

/** What a trainer is told of it: the schedule has become a learning rate. */
export function settingsAt(learningRate: number, config: z.infer<typeof optimizer>): OptimizerSettings {
  const { beta1, beta2, epsilon, weightDecay, maxGradientNorm } = config;
  return { learningRate, beta1, beta2, epsilon, weightDecay, maxGradientNorm };
}
