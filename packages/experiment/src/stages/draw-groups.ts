import { createRng, deriveSeed, type PolicyVersion, type Problem, type StoredTrajectory } from "@litmus/core";
import type { ReinforcementConfig } from "../config/reinforcement.ts";
import { collectRollouts } from "../rollouts/collect-rollouts.ts";
import type { RolloutRequest } from "../rollouts/rollout-request.ts";
import type { RunContext } from "../run/run-context.ts";
import { survivorsOf, varies } from "./group-batch.ts";
import { isWorthwhile, type PassRates } from "./pass-rates.ts";

export interface StageStep {
  readonly name: string;
  readonly config: ReinforcementConfig;
  /** Steps of the stage before this one. */
  readonly step: number;
  /** Of the problems, where the stage has a curriculum. */
  readonly passRates: PassRates | null;
}

type Group = readonly StoredTrajectory[];

/** The groups of one step. */
export interface DrawnGroups {
  /** All that were made, in the order of their problems. */
  readonly all: readonly Group[];
  /** Those to learn from. */
  readonly batch: readonly Group[];
  /** Problems that were passed in the stage's order, those left out by the curriculum included. */
  readonly passed: number;
}

/**
 * Makes the groups of a step, from the policy's version or from another one that is named. With dynamic sampling (DAPO, arXiv:2503.14476) further batches of problems are drawn until
 * as many groups vary as the step has problems; the others are left out. With a curriculum, problems whose pass rate lies
 * outside its band are passed over.
 */
export async function drawGroups(context: RunContext, stage: StageStep, version?: PolicyVersion): Promise<DrawnGroups> {
  const { config, name, step } = stage;
  const maxBatches = config.dynamicSampling?.maxBatches ?? 1;
  const first = await passedBefore(context, stage);
  let next = first;
  const all: Group[] = [];
  const isEnough = (): boolean => config.dynamicSampling === null || varied(all).length >= config.problemsPerStep;
  for (let batch = 0; batch < maxBatches && (batch === 0 || !isEnough()); batch++) {
    const picked = pickProblems(context, stage, next);
    next = picked.next;
    all.push(...(await makeGroups(context, stage, { problems: picked.problems, firstGroup: all.length, version })));
  }
  if (!isEnough())
    context.emit({
      type: "alarm-raised",
      alarm: "too-few-groups",
      message: `${name} step ${step + 1}: ${varied(all).length} of ${all.length} groups vary, fewer than ${config.problemsPerStep}`,
    });
  return { all, batch: config.dynamicSampling === null ? all : varied(all), passed: next - first };
}

const varied = (groups: readonly Group[]): Group[] => groups.filter((group) => varies(survivorsOf(group) ?? []));

interface Drawing {
  readonly problems: readonly Problem[];
  readonly firstGroup: number;
  readonly version: PolicyVersion | undefined;
}

async function makeGroups(
  context: RunContext,
  stage: StageStep,
  { problems, firstGroup, version }: Drawing,
): Promise<Group[]> {
  const { config, name } = stage;
  const step = stage.step + 1;
  const requests = problems.map((problem, index): RolloutRequest => {
    const group = firstGroup + index;
    return {
      group: { runId: context.runId, stage: name, step, purpose: "train", group },
      problem,
      prompt: "trained",
      temperature: config.temperature,
      seeds: Array.from({ length: config.groupSize }, (_, member) =>
        deriveSeed(context.config.seed, name, step, "train", group, member),
      ),
    };
  });
  return collectRollouts(context, requests, version);
}

/** The next worthwhile problems of the stage's order. After an epoch without one, problems are taken as they come. */
function pickProblems(
  context: RunContext,
  { name, config, step, passRates }: StageStep,
  first: number,
): { problems: Problem[]; next: number } {
  const problems: Problem[] = [];
  let [next, passedOver] = [first, 0];
  while (problems.length < config.problemsPerStep) {
    const problem = problemAt(context, name, next++);
    const isTaken = passedOver >= context.problems.train.length || isWorthwhile(problem, passRates, config.curriculum);
    if (isTaken) problems.push(problem);
    else if (++passedOver === context.problems.train.length)
      context.emit({
        type: "alarm-raised",
        alarm: "curriculum-empty",
        message: `${name} step ${step + 1}: too few problems lie in the curriculum's band; others are taken`,
      });
  }
  return { problems, next };
}

/** Each training problem once an epoch, in a seeded order. */
function problemAt(context: RunContext, stage: string, index: number): Problem {
  const all = context.problems.train;
  const epoch = Math.floor(index / all.length);
  const order = createRng(deriveSeed(context.config.seed, stage, "epoch", epoch)).shuffled(all);
  return order[index % all.length] as Problem;
}

/** Problems that the earlier steps of the stage passed. */
async function passedBefore(context: RunContext, { name, config, step }: StageStep): Promise<number> {
  if (config.dynamicSampling === null && config.curriculum === null) return step * config.problemsPerStep;
  const metrics = await context.store.metrics(context.runId);
  const rows = metrics.filter((row) => row.stage === name && row.name === "problemsPassed" && row.step <= step);
  return rows.reduce((sum, row) => sum + row.value, 0);
}
