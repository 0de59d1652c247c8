import { meanOfSums, ratioEstimate, ruleOfThree, type RatioEstimate } from "@litmus/algorithms";
import type { Estimate, LeaderboardEntry } from "@litmus/api";
import type { MomentSums, RolloutTotals } from "@litmus/core";
import { estimateOf, goldRecallOf, sampledOf } from "../score-estimates.ts";
import type { EvaluatedPolicy } from "./evaluated-policy.ts";
import { policyFacts } from "./policy-facts.ts";
import type { StoredScore } from "./stored-score.ts";

/** An entry but for what depends on other runs, and on the run's checkpoints. */
export type PolicyEntry = Omit<LeaderboardEntry, "rank" | "ties" | "seeds">;

const known = new WeakMap<EvaluatedPolicy, PolicyEntry>();

/** What the leaderboard shows of one policy. */
export function policyEntry(policy: EvaluatedPolicy): PolicyEntry {
  const found = known.get(policy);
  if (found !== undefined) return found;
  const entry = { ...identityOf(policy), ...scoresOf(policy) };
  known.set(policy, entry);
  return entry;
}

type Scores =
  | "exactMatch"
  | "sampled"
  | "goldRecall"
  | "searchesPerQuestion"
  | "tokensPerCorrect"
  | "secondsPerCorrect"
  | "failed"
  | "failureBound"
  | "byCategory";

function identityOf({ from: { run }, record, score, kind, set, unranked }: EvaluatedPolicy): Omit<PolicyEntry, Scores> {
  const { stage, step, split } = record;
  const { model, engine, retriever, basePrompt, trainedPrompt } = policyFacts(run);
  const isTrained = kind === "trained";
  const { manifest } = run;
  return {
    id: `${run.id}:${stage}:${step}`,
    runId: run.id,
    runName: run.name,
    stage,
    step,
    split,
    version: null,
    unranked,
    chosenOn: score.chosenOn ?? null,
    kind,
    isBaseline: kind === "base" || kind === "retrieval-augmented",
    model,
    engine,
    retriever,
    prompt: isTrained ? trainedPrompt : basePrompt,
    hashes: {
      checkpoint: null,
      model: manifest["model"] ?? null,
      data: set.dataSha256,
      prompt: manifest[isTrained ? "prompt.trained" : "prompt.base"] ?? null,
      index: manifest["index"] ?? null,
      config: run.configHash,
      scorer: set.scorer,
    },
    createdAt: run.createdAt,
  };
}

function scoresOf({ from, record, score }: EvaluatedPolicy): Pick<PolicyEntry, Scores> {
  const { sampled, failed, n } = score;
  const totals = from.totals.find(
    ({ stage, step, purpose, scored }) =>
      stage === record.stage && step === record.step && purpose === "evaluation" && scored.trajectories === n,
  );
  return {
    exactMatch: estimateOf(score),
    sampled: sampledOf(sampled),
    goldRecall: goldRecallOf(score),
    ...costsOf(score, totals),
    failed,
    failureBound: failed === 0 ? ruleOfThree(n) : null,
    byCategory: Object.fromEntries(
      Object.entries(score.byCategory).map(([category, each]) => [category, estimateOf(each)]),
    ),
  };
}

type Costs = Pick<PolicyEntry, "searchesPerQuestion" | "tokensPerCorrect" | "secondsPerCorrect">;

/** From the sums over the scored episodes or, where those are no longer stored, from the means of the result, without intervals. */
function costsOf(score: StoredScore, totals: RolloutTotals | undefined): Costs {
  const { n } = score;
  if (totals === undefined || !hasNumbers(totals)) {
    const perCorrect = score.exactMatch ? (score.sampledTokens ?? Number.NaN) / score.exactMatch : Number.NaN;
    return {
      searchesPerQuestion: { value: score.searchesPerEpisode, n, ci95: null },
      tokensPerCorrect: { value: Number.isNaN(perCorrect) ? null : perCorrect, n, ci95: null },
      secondsPerCorrect: { value: null, n, ci95: null },
    };
  }
  const { correct, scored } = totals;
  const perCorrect = ({ x, xx, xCorrect }: MomentSums, unit: number): Estimate =>
    estimateOfRatio(
      ratioEstimate({ n, x: x / unit, y: correct, xx: xx / unit ** 2, xy: xCorrect / unit, yy: correct }),
    );
  return {
    searchesPerQuestion: estimateOfRatio(meanOfSums({ n, x: scored.searches.x, xx: scored.searches.xx })),
    tokensPerCorrect: perCorrect(scored.sampledTokens, 1),
    secondsPerCorrect: perCorrect(scored.durationMs, 1000),
  };
}

const estimateOfRatio = ({ ratio, n, ci95 }: RatioEstimate): Estimate => ({ value: ratio, n, ci95 });

/** A record may hold any number: one that is none spoils its sums, and nothing else. */
const hasNumbers = ({ correct, scored: { sampledTokens, searches, durationMs } }: RolloutTotals): boolean =>
  [sampledTokens, searches, durationMs]
    .flatMap(({ x, xx, xCorrect }) => [correct, x, xx, xCorrect])
    .every((sum) => Number.isFinite(sum) && sum >= 0);
