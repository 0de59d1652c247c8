import { createRng, deriveSeed, type Problem, type StoredTrajectory } from "@litmus/core";
import type { ReinforcementConfig } from "../config/reinforcement.ts";
import { collectRollouts, type RolloutRequest } from "../run/collect-rollouts.ts";
import type { RunContext } from "../run/run-context.ts";
import { survivorsOf, varies } from "./group-batch.ts";

export interface StageStep {
  readonly name: string;
  readonly config: ReinforcementConfig;
  /** Steps of the stage before this one. */
  readonly step: number;
}

type Group = readonly StoredTrajectory[];

/** The groups of one step. */
export interface DrawnGroups {
  /** All that were made, in the order of their problems. */
  readonly all: readonly Group[];
  /** Those to learn from. */
  readonly batch: readonly Group[];
}

/**
 * Makes the groups of a step. With dynamic sampling (DAPO, arXiv:2503.14476) further batches of problems are drawn until
 * as many groups vary as the step has problems; the others are left out.
 */
export async function drawGroups(context: RunContext, stage: StageStep): Promise<DrawnGroups> {
  const { config, name, step } = stage;
  const maxBatches = config.dynamicSampling?.maxBatches ?? 1;
  const first = await groupsBefore(context, stage);
  const all: Group[] = [];
  const isEnough = (): boolean => config.dynamicSampling === null || varied(all).length >= config.problemsPerStep;
  for (let batch = 0; batch < maxBatches && (batch === 0 || !isEnough()); batch++) {
    all.push(...(await drawBatch(context, stage, { firstDrawn: first + all.length, firstGroup: all.length })));
  }
  if (!isEnough())
    context.emit({
      type: "alarm-raised",
      alarm: "too-few-groups",
      message: `${name} step ${step + 1}: ${varied(all).length} of ${all.length} groups vary, fewer than ${config.problemsPerStep}`,
    });
  return { all, batch: config.dynamicSampling === null ? all : varied(all) };
}

const varied = (groups: readonly Group[]): Group[] => groups.filter((group) => varies(survivorsOf(group) ?? []));

async function drawBatch(
  context: RunContext,
  stage: StageStep,
  from: { readonly firstDrawn: number; readonly firstGroup: number },
): Promise<Group[]> {
  const { config, name, step } = stage;
  const problems = Array.from({ length: config.problemsPerStep }, (_, i) =>
    drawnProblem(context, name, from.firstDrawn + i),
  );
  const requests = problems.flatMap((problem, index) =>
    Array.from({ length: config.groupSize }, (_, member): RolloutRequest => {
      const group = from.firstGroup + index;
      return {
        key: { runId: context.runId, stage: name, step: step + 1, purpose: "train", group, member },
        problem,
        agent: context.agents.trained,
        temperature: config.temperature,
        seed: deriveSeed(context.config.seed, name, step + 1, "train", group, member),
      };
    }),
  );
  const entries = await collectRollouts(context, requests);
  return problems.map((_, index) => entries.slice(index * config.groupSize, (index + 1) * config.groupSize));
}

/** Each training problem once an epoch, in a seeded order. */
function drawnProblem(context: RunContext, stage: string, drawn: number): Problem {
  const all = context.problems.train;
  const epoch = Math.floor(drawn / all.length);
  const order = createRng(deriveSeed(context.config.seed, stage, "epoch", epoch)).shuffled(all);
  return order[drawn % all.length] as Problem;
}

/** Groups that the earlier steps of the stage drew. */
async function groupsBefore(context: RunContext, { name, config, step }: StageStep): Promise<number> {
  if (config.dynamicSampling === null) return step * config.problemsPerStep;
  const metrics = await context.store.metrics(context.runId);
  const rows = metrics.filter((row) => row.stage === name && row.name === "groups" && row.step <= step);
  return rows.reduce((sum, row) => sum + row.value, 0);
}
