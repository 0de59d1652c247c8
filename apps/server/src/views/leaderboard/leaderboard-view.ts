import type { EvaluationSet, Leaderboard, LeaderboardEntry, LeaderboardQuery } from "@litmus/api";
import { LitmusError } from "@litmus/core";
import type { LiveReads } from "../store-reads.ts";
import { chosenPolicies, evaluatedPolicies, type EvaluatedPolicy, type PolicyKey } from "./evaluated-policy.ts";
import { policyKeys } from "./policy-keys.ts";
import { rankedEntries } from "./ranked-entries.ts";
import { sortEntries } from "./sort-entries.ts";
import { withCheckpoint } from "./with-checkpoint.ts";

/**
 * Policies by evaluation set. Ranks are over all policies of the set, whatever the filters leave.
 * @throws LitmusError `not-found` when there is no such set
 */
export async function leaderboardView(reads: LiveReads, query: LeaderboardQuery): Promise<Leaderboard> {
  const catalogue = await reads.catalogue();
  const policies = evaluatedPolicies(catalogue);
  const choice = { which: query.which, keyOf: await policyKeys(reads, policies) };
  const bySet = Map.groupBy(policies, ({ set }) => set.id);
  const sets = [...bySet.values()].map((each) => describeSet(each, choice)).sort(largestFirst);
  const set = chooseSet(sets, query.set);
  const page = { offset: query.offset, limit: query.limit };
  if (set === null) return { sets, set, categories: [], baselines: [], entries: [], total: 0, ...page };
  const all = rankedEntries(catalogue, chosenPolicies(bySet.get(set.id) ?? [], choice), choice.keyOf);
  const found = sortEntries(all.filter(matching(query)), query);
  const show = (entries: readonly LeaderboardEntry[]): Promise<LeaderboardEntry[]> =>
    Promise.all(entries.map((entry) => withCheckpoint(reads, entry)));
  return {
    sets,
    set,
    categories: categoriesOf(all),
    baselines: await show(
      sortEntries(
        all.filter(({ isBaseline }) => isBaseline),
        { sort: "exactMatch", order: "descending" },
      ),
    ),
    entries: await show(found.slice(query.offset, query.offset + query.limit)),
    total: found.length,
    ...page,
  };
}

interface Choice {
  readonly which: LeaderboardQuery["which"];
  readonly keyOf: PolicyKey;
}

function describeSet(policies: readonly EvaluatedPolicy[], choice: Choice): EvaluationSet {
  const [first] = policies as readonly [EvaluatedPolicy];
  return { ...first.set, policies: new Set(chosenPolicies(policies, choice).map(choice.keyOf)).size };
}

const largestFirst = (a: EvaluationSet, b: EvaluationSet): number => b.policies - a.policies || (a.id < b.id ? -1 : 1);

function chooseSet(sets: readonly EvaluationSet[], id: string | undefined): EvaluationSet | null {
  if (id === undefined) return sets[0] ?? null;
  const found = sets.find((set) => set.id === id);
  if (found !== undefined) return found;
  throw new LitmusError("not-found", "there is no such evaluation set", {
    path: "set",
    hint: "leave it out: the one with most policies is shown, and the others are listed",
  });
}

function matching({ search, kind }: LeaderboardQuery): (entry: LeaderboardEntry) => boolean {
  const words = search.toLowerCase().split(/\s+/u).filter(Boolean);
  return (entry) => {
    if (entry.isBaseline) return true;
    if (kind !== undefined && !kind.includes(entry.kind)) return false;
    const { runId, runName, stage, model, engine, retriever, prompt } = entry;
    const text = [runId, runName, stage, entry.kind, model, engine, retriever, prompt].join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

const categoriesOf = (entries: readonly LeaderboardEntry[]): string[] =>
  [...new Set(entries.flatMap(({ byCategory }) => Object.keys(byCategory)))].sort();
