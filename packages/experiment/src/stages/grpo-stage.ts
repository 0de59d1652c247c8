import { createRng, deriveSeed, type Problem, type StoredTrajectory } from "@litmus/core";
import type { GrpoStageConfig } from "../config/schema.ts";
import { collectRollouts, type RolloutRequest } from "../run/collect-rollouts.ts";
import type { Learner } from "../run/learner.ts";
import type { RunContext } from "../run/run-context.ts";
import type { StepSummary } from "../run/run-event.ts";
import { buildGroupBatch } from "./group-batch.ts";
import { metricsOfStep, summarizeStep } from "./step-summary.ts";
import { updatePolicy } from "./update-policy.ts";

interface Stage {
  readonly name: string;
  readonly config: GrpoStageConfig;
}

/**
 * Reinforcement with group-centred advantages.
 * @param afterStep called when a step is committed, with the number of steps done; again after a resume
 */
export async function runGrpoStage(
  context: RunContext,
  learner: Learner,
  stage: Stage,
  afterStep: (step: number) => Promise<void>,
): Promise<void> {
  const done = learner.stepsDone(stage.name);
  context.emit({ type: "stage-start", stage: stage.name, steps: stage.config.steps, done });
  // A process may have been killed between a commit and what follows it.
  if (done > 0) await afterStep(done);
  for (let step = done; step < stage.config.steps; step++) {
    context.signal.throwIfAborted();
    const summary = await grpoStep(context, learner, { ...stage, step });
    context.emit({ type: "step-end", stage: stage.name, ...summary });
    await afterStep(step + 1);
  }
}

/** One step: rollouts → rewards → advantages → updates → a new version, every part stored before the next. */
async function grpoStep(context: RunContext, learner: Learner, stage: Stage & { step: number }): Promise<StepSummary> {
  const start = context.clock.monotonicMs();
  const problems = problemsOfStep(context, stage);
  const entries = await collectRollouts(context, rolloutRequests(context, stage, problems));
  const groups = groupEntries(entries, stage.config.groupSize);
  const batch = buildGroupBatch(groups, stage.config);
  const update = await updatePolicy(context, learner, { ...stage, batch });
  const seconds = (context.clock.monotonicMs() - start) / 1000;
  const summary = summarizeStep({ step: stage.step + 1, entries, batch, update, seconds });
  const publication = { stage: stage.name, step: stage.step + 1, metrics: metricsOfStep(summary, update) };
  await (update.updates > 0 ? learner.publish(publication) : learner.commitUnchanged(publication));
  return summary;
}

/** Each training problem once an epoch, in a seeded order. */
function problemsOfStep(context: RunContext, { name, config, step }: Stage & { step: number }): Problem[] {
  const all = context.problems.train;
  return Array.from({ length: config.problemsPerStep }, (_, index) => {
    const drawn = step * config.problemsPerStep + index;
    const epoch = Math.floor(drawn / all.length);
    const order = createRng(deriveSeed(context.config.seed, name, "epoch", epoch)).shuffled(all);
    return order[drawn % all.length] as Problem;
  });
}

function rolloutRequests(
  context: RunContext,
  stage: Stage & { step: number },
  problems: readonly Problem[],
): RolloutRequest[] {
  const { name, config, step } = stage;
  return problems.flatMap((problem, group) =>
    Array.from({ length: config.groupSize }, (_, member) => ({
      key: { runId: context.runId, stage: name, step: step + 1, purpose: "train" as const, group, member },
      problem,
      agent: context.agents.trained,
      temperature: config.temperature,
      seed: deriveSeed(context.config.seed, name, step + 1, "train", group, member),
    })),
  );
}

function groupEntries(entries: readonly StoredTrajectory[], groupSize: number): StoredTrajectory[][] {
  return Array.from({ length: entries.length / groupSize }, (_, group) =>
    entries.slice(group * groupSize, (group + 1) * groupSize),
  );
}
