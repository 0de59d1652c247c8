import type { LeaderboardEntry } from "@litmus/api";
import type { Catalogue } from "../../reads/run-catalogue.ts";
import { seedGroup } from "../run/related-runs.ts";
import { onceEach, type EvaluatedPolicy, type PolicyKey } from "./evaluated-policy.ts";
import { policyEntry } from "./policy-entry.ts";
import { policyFacts } from "./policy-facts.ts";
import { rankPolicies } from "./rank-policies.ts";

/**
 * Evaluations of one set as entries. A policy that is among them more than once counts once, and has one rank;
 * what cannot be ranked counts nowhere.
 */
export function rankedEntries(
  catalogue: Catalogue,
  policies: readonly EvaluatedPolicy[],
  keyOf: PolicyKey,
): LeaderboardEntry[] {
  const ranked = onceEach(
    policies.filter(({ unranked }) => unranked === null),
    keyOf,
  );
  const ranks = rankPolicies(ranked.map(({ score }) => score.outcomes));
  const ranksByKey = new Map(ranked.map((policy, i) => [keyOf(policy), ranks[i]]));
  const seeds = seedsByGroup(catalogue);
  return policies.map((policy) => {
    const found = policy.unranked === null ? ranksByKey.get(keyOf(policy)) : undefined;
    const { rank, ties } = found ?? { rank: null, ties: 0 };
    return { ...policyEntry(policy), rank, ties, seeds: seedsOf(policy, seeds) };
  });
}

const known = new WeakMap<Catalogue, ReadonlyMap<string, readonly number[]>>();

function seedsByGroup(catalogue: Catalogue): ReadonlyMap<string, readonly number[]> {
  const found = known.get(catalogue);
  if (found !== undefined) return found;
  const groups = Map.groupBy(catalogue, ({ run }) => seedGroup(run));
  const seeds = new Map(
    [...groups].map(([key, runs]) => [
      key,
      runs.flatMap(({ run }) => policyFacts(run).seed ?? []).sort((a, b) => a - b),
    ]),
  );
  known.set(catalogue, seeds);
  return seeds;
}

/** This run's own first, each once. */
function seedsOf({ from: { run } }: EvaluatedPolicy, groups: ReadonlyMap<string, readonly number[]>): number[] {
  const own = policyFacts(run).seed;
  return [...new Set([...(own === null ? [] : [own]), ...(groups.get(seedGroup(run)) ?? [])])];
}
