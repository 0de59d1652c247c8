import { klTerm } from "@litmus/algorithms";
import type { AdapterFile, Datum, StoredTrajectory } from "@litmus/core";
import type { Learner } from "../run/learner.ts";
import type { StageStep } from "./draw-groups.ts";
import { survivorsOf, toDatum } from "./group-batch.ts";

/** @file Distances from the policy that the stage began with. */

/** The data with the reference's log-probabilities, where the loss has a KL term. */
export async function withReference(
  learner: Learner,
  { name, config }: StageStep,
  data: readonly Datum[],
): Promise<readonly Datum[]> {
  if (config.kl?.in !== "loss" || data.length === 0) return data;
  const logProbs = await referenceLogProbs(learner, learner.adapterBefore(name), data);
  return data.map((datum, index) => ({ ...datum, referenceLogProbs: logProbs[index] ?? null }));
}

/**
 * What is taken off each reward: coefficient · Σ of the estimate over the policy tokens, sampler against reference.
 * Undefined where the config asks for none.
 */
export async function klPenalties(
  learner: Learner,
  { name, config }: StageStep,
  groups: readonly (readonly StoredTrajectory[])[],
): Promise<((entry: StoredTrajectory) => number) | undefined> {
  const { kl } = config;
  if (kl?.in !== "reward") return undefined;
  const entries = groups.flatMap((group) => survivorsOf(group) ?? []);
  const logProbs = await referenceLogProbs(
    learner,
    learner.adapterBefore(name),
    entries.map((entry) => toDatum(entry)),
  );
  const penalties = new Map(
    entries.map((entry, index) => {
      const estimates = entry.trajectory.logProbs.map(
        (logProb, token) => klTerm(kl.estimator, logProb - (logProbs[index]?.[token] ?? Number.NaN)).value,
      );
      return [entry.id, kl.coefficient * estimates.reduce((sum, value) => sum + value, 0)];
    }),
  );
  return (entry) => penalties.get(entry.id) ?? 0;
}

async function referenceLogProbs(
  learner: Learner,
  adapter: AdapterFile | null,
  data: readonly Datum[],
): Promise<readonly (readonly number[])[]> {
  if (data.length === 0) return [];
  return (await learner.trainer()).forward(data, adapter);
}
