import type { LeaderboardEntry } from "@litmus/api";
import type { Catalogue } from "../../reads/run-catalogue.ts";
import { seedGroup } from "../run/related-runs.ts";
import type { EvaluatedPolicy } from "./evaluated-policy.ts";
import { policyEntry } from "./policy-entry.ts";
import { policyFacts } from "./policy-facts.ts";
import { rankPolicies } from "./rank-policies.ts";

/** All policies of an evaluation set as entries. @param policies of one set */
export function rankedEntries(catalogue: Catalogue, policies: readonly EvaluatedPolicy[]): LeaderboardEntry[] {
  const ranks = rankPolicies(policies.map(({ score }) => score.outcomes));
  const seeds = seedsByGroup(catalogue);
  return policies.map((policy, i) => {
    const { rank = 1, ties = 0 } = ranks[i] ?? {};
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
