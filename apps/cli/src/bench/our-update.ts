import { createRng, type Datum, type Sha256 } from "@litmus/core";
import { createTrainerProcess, loraTargets, type LocalTrainerProcess } from "@litmus/trainer";
import { processUsage } from "./process-usage.ts";
import { workload, type MeasuredUpdate, type UpdateSide } from "./update-side.ts";

interface OurSide {
  readonly modelPath: string;
  readonly baseSha256: Sha256;
  readonly threads: number;
}

const vocabularySize = 262_144;
const advantages = [1, -1, 0.5, -0.5, 1, -1, 0.5, -0.5];

/** Our sides, on one trainer in its own process. */
export interface OurSides {
  /** A group: one prompt, many actions. */
  readonly group: UpdateSide;
  /** Every trajectory with a prompt of its own. */
  readonly distinct: UpdateSide;
}

/** The local trainer in its own process, with the workload as a group and with distinct prompts. Closing one closes both. */
export async function openOurUpdates({ modelPath, baseSha256, threads }: OurSide): Promise<OurSides> {
  const lora = { rank: workload.loraRank, alpha: workload.loraAlpha, targets: loraTargets, seed: 0 };
  const { promptTokens, actionTokens } = workload;
  // A trajectory alone, or the whole group after its prompt.
  const lengths = [promptTokens + actionTokens, promptTokens + advantages.length * actionTokens];
  const trainer = await createTrainerProcess({ modelPath, baseSha256, lora, threads, lengths });
  const side = (data: readonly Datum[]): UpdateSide => ({
    update: () => measuredUpdate(trainer, data),
    close: () => trainer.close(),
  });
  return { group: side(trajectories("one prompt")), distinct: side(trajectories("distinct prompts")) };
}

async function measuredUpdate(trainer: LocalTrainerProcess, data: readonly Datum[]): Promise<MeasuredUpdate> {
  const [start, before] = [performance.now(), processUsage(trainer.pid)];
  await trainer.forwardBackward(data, {
    type: "ppo",
    clipLow: 0.2,
    clipHigh: 0.2,
    dualClip: null,
    truncation: null,
    kl: null,
    entropyBonus: 0,
  });
  await trainer.optimizerStep({
    learningRate: 1e-5,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.01,
    maxGradientNorm: 1,
  });
  const after = processUsage(trainer.pid);
  return {
    wallSeconds: (performance.now() - start) / 1000,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    peakRssGiB: after.peakRssGiB,
  };
}

function trajectories(prompts: "one prompt" | "distinct prompts"): Datum[] {
  const rng = createRng("bench update");
  const { promptTokens, actionTokens } = workload;
  const draw = (count: number): number[] =>
    Array.from({ length: count }, () => 100 + rng.integer(vocabularySize - 1100));
  const common = draw(promptTokens);
  const positions = Array.from({ length: actionTokens }, (_, i) => promptTokens + i);
  return advantages.map((advantage, index) => ({
    id: `trajectory ${index}`,
    tokens: [...(prompts === "one prompt" ? common : draw(promptTokens)), ...draw(actionTokens)],
    positions,
    weights: positions.map(() => 1 / (workload.trajectories * actionTokens)),
    advantages: positions.map(() => advantage),
    behaviourLogProbs: null,
    oldLogProbs: null,
    referenceLogProbs: null,
  }));
}
