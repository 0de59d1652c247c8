import type { EvaluationSet, LeaderboardEntry, UnrankedReason } from "@litmus/api";
import { sha256, type EvaluationRecord } from "@litmus/core";
import type { Catalogue, CataloguedRun } from "../../reads/run-catalogue.ts";
import { policyFacts } from "./policy-facts.ts";
import { storedScore, type StoredScore } from "./stored-score.ts";

/** One policy, scored once. */
export interface EvaluatedPolicy {
  readonly from: CataloguedRun;
  readonly record: EvaluationRecord;
  readonly score: StoredScore;
  readonly kind: LeaderboardEntry["kind"];
  readonly set: Omit<EvaluationSet, "policies">;
  /** Null where it can be ranked. */
  readonly unranked: UnrankedReason | null;
  /** Equal of evaluations of the same untrained policy, or of one stage of a run. */
  readonly slot: string;
}

/** Says which evaluations are of one policy: they have one key. */
export type PolicyKey = (policy: EvaluatedPolicy) => string;

const known = new WeakMap<CataloguedRun, readonly EvaluatedPolicy[]>();

/** Every evaluation of the runs that is in a form to show; of newer runs first, of a run in the order written. */
export function evaluatedPolicies(catalogue: Catalogue): EvaluatedPolicy[] {
  return catalogue.flatMap((from) => {
    const found = known.get(from) ?? policiesOf(from);
    known.set(from, found);
    return found;
  });
}

function policiesOf(from: CataloguedRun): EvaluatedPolicy[] {
  return from.evaluations.flatMap((record) => {
    const score = storedScore(record);
    if (score === null) return [];
    const kind = kindOf(from, record);
    const set = setOf(from, record, score);
    const slot = kind === "trained" ? `${from.run.id}:${record.stage}` : `${kind}:${policyFacts(from.run).base}`;
    return [{ from, record, score, kind, set, slot, unranked: unrankedReason(record, score) }];
  });
}

function unrankedReason({ split }: EvaluationRecord, { n, chosenOn }: StoredScore): UnrankedReason | null {
  if (n === 0) return "nothing-scored";
  return chosenOn === split ? "chosen-on-these-questions" : null;
}

const retrievalAugmented = /^retrieval-augmented/;

/** `litmus eval` scores a version, under its number as the step; 0 is the base. */
function kindOf({ run }: CataloguedRun, { stage, step }: EvaluationRecord): LeaderboardEntry["kind"] {
  const { engine, basePrompt } = policyFacts(run);
  if (engine === "chat") return "chat";
  const isBase = stage === "base" || (stage.startsWith("eval-") && step === 0);
  if (!isBase) return "trained";
  return retrievalAugmented.test(basePrompt) ? "retrieval-augmented" : "base";
}

function setOf(
  { run }: CataloguedRun,
  { split }: EvaluationRecord,
  { questionsSha256, perQuestion, scorer: scoredBy }: StoredScore,
): EvaluatedPolicy["set"] {
  const dataSha256 = run.manifest[`problems.${split}`] ?? questionsSha256;
  const scorer = scoredBy ?? run.manifest["scorer"] ?? "";
  return {
    id: sha256(JSON.stringify([dataSha256, split, questionsSha256, scorer])).slice(0, 16),
    name: policyFacts(run).corpus || "questions",
    split,
    questions: perQuestion.length,
    dataSha256,
    scorer,
  };
}

/**
 * The last evaluation of each stage, of which those of one version stand once, or with `all` every one of trained policies;
 * an untrained policy stands once either way.
 * @param policies as {@link evaluatedPolicies} gives them
 */
export function chosenPolicies(
  policies: readonly EvaluatedPolicy[],
  { which, keyOf }: { readonly which: "last" | "all"; readonly keyOf: PolicyKey },
): EvaluatedPolicy[] {
  const { trained = [], others = [] } = Object.groupBy(policies, ({ kind }) =>
    kind === "trained" ? "trained" : "others",
  );
  if (which === "all")
    return [...lastOf(trained, ({ slot, record }) => `${slot}:${record.step}`), ...onceEach(others, keyOf)];
  return onceEach([...lastOf(trained, ({ slot }) => slot), ...others], keyOf);
}

const lastOf = (policies: readonly EvaluatedPolicy[], keyOf: PolicyKey): EvaluatedPolicy[] => [
  ...new Map(policies.map((policy) => [keyOf(policy), policy])).values(),
];

/** Of the evaluations of one policy the newest that can be ranked, or the newest. @param policies as {@link evaluatedPolicies} gives them */
export function onceEach(policies: readonly EvaluatedPolicy[], keyOf: PolicyKey): EvaluatedPolicy[] {
  const chosen = new Map<string, EvaluatedPolicy>();
  for (const policy of policies) {
    const key = keyOf(policy);
    const rival = chosen.get(key);
    if (rival === undefined || standsFor(policy, rival)) chosen.set(key, policy);
  }
  return [...chosen.values()];
}

function standsFor(policy: EvaluatedPolicy, rival: EvaluatedPolicy): boolean {
  if ((policy.unranked === null) !== (rival.unranked === null)) return policy.unranked === null;
  // Newer runs come first, of a run the later evaluation last.
  return rival.from === policy.from;
}
