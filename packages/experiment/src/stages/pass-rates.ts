import { deriveSeed, type Problem, type ProblemId, type StoredTrajectory } from "@litmus/core";
import type { ReinforcementConfig } from "../config/reinforcement.ts";
import { collectRollouts } from "../rollouts/collect-rollouts.ts";
import type { RolloutRequest } from "../rollouts/rollout-request.ts";
import type { RunContext } from "../run/run-context.ts";
import { exactMatchOf } from "./exact-match.ts";

/** Share of right answers to a problem, in [0, 1], at its latest visit. */
export type PassRates = Map<ProblemId, number>;

/** Step under which the samples before the first step are stored. */
const probeStep = 0;

/**
 * What the stage knows of its problems: some samples of each by the policy that it begins with, then the groups of its
 * first `done` steps. Both are stored, so that a resumed stage knows the same. Null where it takes problems as they come.
 */
export async function passRatesOf(
  context: RunContext,
  stage: { readonly name: string; readonly config: ReinforcementConfig },
  done: number,
): Promise<PassRates | null> {
  const { curriculum } = stage.config;
  if (curriculum === null) return null;
  const rates: PassRates = new Map();
  notePassRates(rates, await probe(context, stage.name, curriculum.probe));
  const earlier = await context.store.trajectories({ runId: context.runId, stage: stage.name, purpose: "train" });
  const steps = Map.groupBy(earlier, (entry) => entry.key.step);
  // An interrupted step has groups too, which were drawn without knowing them.
  for (let step = probeStep + 1; step <= done; step++) notePassRates(rates, steps.get(step) ?? []);
  return rates;
}

/** Takes in trajectories of one step; problems whose episodes all failed keep their rate. */
export function notePassRates(rates: PassRates, entries: readonly StoredTrajectory[]): void {
  const scored = entries.filter((entry) => entry.reward !== null);
  for (const [problem, own] of Map.groupBy(scored, (entry) => entry.problemId)) {
    if (problem === null) continue;
    rates.set(problem, own.reduce((sum, entry) => sum + exactMatchOf(entry), 0) / own.length);
  }
}

/** Whether a problem is worth a group: one that is always or never solved has no gradient. One that is unknown is. */
export function isWorthwhile(
  problem: Problem,
  rates: PassRates | null,
  curriculum: ReinforcementConfig["curriculum"],
): boolean {
  const rate = rates?.get(problem.id);
  if (rate === undefined || curriculum === null) return true;
  return rate >= curriculum.low && rate <= curriculum.high;
}

async function probe(context: RunContext, stage: string, samples: number): Promise<StoredTrajectory[]> {
  const requests = context.problems.train.map((problem, group): RolloutRequest => ({
    group: { runId: context.runId, stage, step: probeStep, purpose: "train", group },
    problem,
    prompt: "trained",
    temperature: 1,
    seeds: Array.from({ length: samples }, (_, member) =>
      deriveSeed(context.config.seed, stage, probeStep, "train", group, member),
    ),
  }));
  return (await collectRollouts(context, requests)).flat();
}
