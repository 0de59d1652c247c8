import { learningRateAt } from "@litmus/algorithms";
import { deriveSeed, LitmusError, type Datum } from "@litmus/core";
import { settingsAt } from "../config/optimizer.ts";
import type { SftStageConfig } from "../config/schema.ts";
import {
  buildDemonstrations,
  demonstrationStream,
  type Demonstration,
} from "../demonstrations/build-demonstrations.ts";
import type { Learner } from "../run/learner.ts";
import type { RunContext } from "../run/run-context.ts";

/** Supervised warm start: cross entropy on the action tokens of demonstrations, masked everywhere else. */
export async function runSftStage(
  context: RunContext,
  learner: Learner,
  stage: { name: string; config: SftStageConfig },
): Promise<void> {
  const { name, config } = stage;
  const done = learner.stepsDone(name);
  context.emit({ type: "stage-start", stage: name, steps: config.steps, done });
  if (done >= config.steps) return;
  const problems = context.problems.train.slice(0, config.problems);
  const { citations: cites, queries } = config;
  const demonstrations = await buildDemonstrations(context, problems, { cites, queries });
  if (demonstrations.length === 0)
    throw new LitmusError(
      "invalid-data",
      "no training problem gives a demonstration: no search shows an accepted answer",
      {
        path: `stages.${name}`,
        hint: "check that the gold records are in the corpus, and that agent.budgets leave room to show and to say an answer",
      },
    );
  const order = demonstrationStream(demonstrations, {
    seed: deriveSeed(context.config.seed, name),
    twoTurnShare: config.twoTurnShare,
  });
  const draw = (): Demonstration => order.next().value as Demonstration;
  const batches = Array.from({ length: config.steps }, () => Array.from({ length: config.batch }, draw));
  for (let step = done; step < config.steps; step++)
    await context.unlessPaused(() => sftStep(context, learner, { name, config, step, batch: batches[step] ?? [] }));
}

interface SftStep {
  readonly name: string;
  readonly config: SftStageConfig;
  /** From 0. */
  readonly step: number;
  readonly batch: readonly Demonstration[];
}

async function sftStep(context: RunContext, learner: Learner, { name, config, step, batch }: SftStep): Promise<void> {
  context.signal.throwIfAborted();
  const start = context.clock.monotonicMs();
  const trainer = await learner.trainer();
  const tokens = taughtTokens(batch);
  const { loss } = await trainer.forwardBackward(toData(batch), { type: "cross_entropy" });
  const learningRate = learningRateAt({ ...scheduleOf(config), step });
  const { gradientNorm, applied } = await trainer.optimizerStep(settingsAt(learningRate, config.optimizer));
  if (!applied)
    context.emit({
      type: "alarm-raised",
      alarm: "gradient-not-finite",
      message: `update ${step + 1} of ${name} was refused`,
    });
  const seconds = (context.clock.monotonicMs() - start) / 1000;
  context.emit({ type: "sft-step", step: step + 1, tokens, loss, gradientNorm, learningRate, seconds });
  const metrics = { tokens, loss, gradientNorm, learningRate, seconds, refusedUpdates: applied ? 0 : 1 };
  const isCheckpoint = (step + 1) % config.checkpointEvery === 0 || step + 1 === config.steps;
  if (isCheckpoint) return learner.publish({ stage: name, step: step + 1, metrics });
  const named = Object.entries(metrics).map(([metric, value]) => ({
    runId: context.runId,
    stage: name,
    step: step + 1,
    name: metric,
    value,
  }));
  await context.store.saveMetrics(named);
}

const scheduleOf = (config: SftStageConfig) => ({
  base: config.optimizer.learningRate,
  steps: config.steps,
  warmupSteps: config.optimizer.warmupSteps,
  decay: config.optimizer.decay,
});

function taughtTokens(batch: readonly Demonstration[]): number {
  return batch.reduce((sum, { positions }) => sum + positions.length, 0);
}

/** Every taught token of the batch weighs the same. */
function toData(batch: readonly Demonstration[]): Datum[] {
  const taught = taughtTokens(batch);
  return batch.map(({ id, tokens, positions }) => ({
    id,
    tokens,
    positions,
    weights: positions.map(() => 1 / taught),
    advantages: positions.map(() => 1),
    behaviourLogProbs: null,
    oldLogProbs: null,
    referenceLogProbs: null,
  }));
}
