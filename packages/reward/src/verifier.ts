import {
  fail,
  LitmusError,
  succeed,
  type Failure,
  type Outcome,
  type RecordId,
  type Reward,
  type RewardComponent,
  type Trajectory,
} from "@litmus/core";
import { judgeAnswer, type Judgement } from "./judge-answer.ts";
import { policyAnswer } from "./policy-answer.ts";
import { tokenOverlap } from "./token-overlap.ts";

/** Turns a trajectory into a reward: the same one in training, evaluation and baselines. */
export interface Verifier {
  /** Changes whenever a rule changes: scores of two versions are not compared. */
  readonly scorer: string;
  /**
   * The reward, or the failure that kept it from being scored. Must not throw.
   * A failed episode, a broken record or missing golden answers are failures, never reward 0.
   * @param goldRecordIds of the records that support the answer, for the weight of finding one
   */
  verify(
    trajectory: Trajectory,
    goldenAnswers: readonly string[],
    goldRecordIds?: readonly RecordId[],
  ): Outcome<Reward>;
}

export interface VerifierSettings {
  readonly weights: {
    /** Whole-string match with a golden answer. */
    readonly exactMatch: number;
    /** A well-formed, non-empty answer that ended the episode. */
    readonly format: number;
    /** A gold record among those that a search showed; 0, the default, leaves it out of the reward. */
    readonly goldRecord?: number;
    /** Words shared with the nearest golden answer (F1); 0, the default, leaves it out of the reward. */
    readonly tokenF1?: number;
  };
  /** `searchR1Score` is for reports only. */
  readonly normalization?: "biomedical";
}

/** Exact match 1, format 0.1: a right answer always beats any other. */
export const defaultWeights: VerifierSettings["weights"] = { exactMatch: 1, format: 0.1 };

/** Version of the verifier's rules: part of every reward and of a run's manifest. */
export const scorerVersion = "exact-match-1+format-1+biomedical-1";

const failure = (code: string, message: string): Failure => ({ boundary: "reward", code, message, retryable: false });

function unusableGolden(goldenAnswers: readonly string[]): Failure | null {
  if (goldenAnswers.length === 0) return failure("no-golden-answer", "the problem has no golden answer");
  const usable = goldenAnswers.every(
    (golden) => typeof golden === "string" && judgeAnswer(golden, [golden]).rule === "match",
  );
  return usable ? null : failure("broken-golden-answer", "a golden answer is empty or would not match itself");
}

const quoteLimit = 400;
const quote = (text: string): string =>
  JSON.stringify(text.length > quoteLimit ? `${text.slice(0, quoteLimit)}…` : text);

function describe(judgement: Judgement): string {
  const scored = `${quote(judgement.answer)} as ${quote(judgement.normalForm)}`;
  return judgement.golden === null
    ? `${scored}: rejected by ${judgement.rule}`
    : `${scored}: matches ${quote(judgement.golden)}`;
}

function exactMatch(answer: string | null, goldenAnswers: readonly string[], weight: number): RewardComponent {
  if (answer === null) return { name: "exactMatch", score: 0, weight, detail: "no answer: rejected by empty" };
  const judgement = judgeAnswer(answer, goldenAnswers);
  return { name: "exactMatch", score: judgement.rule === "match" ? 1 : 0, weight, detail: describe(judgement) };
}

function format(answer: string | null, reason: string, weight: number): RewardComponent {
  const wellFormed = answer !== null && answer.trim() !== "" && reason === "completed";
  const why =
    answer === null
      ? "the last action is no answer"
      : answer.trim() === ""
        ? "the answer is empty"
        : `stop reason ${reason}`;
  return {
    name: "format",
    score: wellFormed ? 1 : 0,
    weight,
    detail: wellFormed ? `${quote(answer)} is a well-formed answer` : why,
  };
}

function goldRecord(trajectory: Trajectory, goldRecordIds: readonly RecordId[], weight: number): RewardComponent {
  const shown = trajectory.turns.flatMap((turn) => turn.search?.hits.map((hit) => hit.recordId) ?? []);
  const found = shown.find((id) => goldRecordIds.includes(id));
  const missed =
    goldRecordIds.length === 0 ? "no gold record is known" : `none of ${shown.length} records shown is gold`;
  return {
    name: "goldRecord",
    score: found === undefined ? 0 : 1,
    weight,
    detail: found === undefined ? missed : `${found} is a gold record`,
  };
}

function tokenF1(answer: string | null, goldenAnswers: readonly string[], weight: number): RewardComponent {
  const { f1, golden } = tokenOverlap(answer ?? "", goldenAnswers);
  const detail = golden === null ? "no word in common with a golden answer" : `nearest to ${quote(golden)}`;
  return { name: "tokenF1", score: f1, weight, detail };
}

interface Golden {
  readonly goldenAnswers: readonly string[];
  readonly goldRecordIds: readonly RecordId[];
}

function score(
  trajectory: Trajectory,
  { goldenAnswers, goldRecordIds }: Golden,
  weights: VerifierSettings["weights"],
): Outcome<Reward> {
  const { outcome } = trajectory;
  if (outcome.type === "failed") return fail(failure("episode-failed", `not scored: ${outcome.failure.code}`));
  const broken = unusableGolden(goldenAnswers);
  if (broken !== null) return fail(broken);
  const answer = policyAnswer(trajectory);
  if (!answer.ok) return answer;
  const components = [
    exactMatch(answer.value, goldenAnswers, weights.exactMatch),
    format(answer.value, outcome.reason, weights.format),
    ...(weights.goldRecord ? [goldRecord(trajectory, goldRecordIds, weights.goldRecord)] : []),
    ...(weights.tokenF1 ? [tokenF1(answer.value, goldenAnswers, weights.tokenF1)] : []),
  ];
  const total = components.reduce((sum, component) => sum + component.weight * component.score, 0);
  return succeed({ components, total, scorer: scorerVersion });
}

/** @throws LitmusError `invalid-config` when a weight is negative or not finite, or both are 0 */
export function createVerifier(settings: VerifierSettings = { weights: defaultWeights }): Verifier {
  const { weights } = settings;
  const valid = [weights.exactMatch, weights.format, weights.goldRecord ?? 0, weights.tokenF1 ?? 0].every(
    (weight) => Number.isFinite(weight) && weight >= 0,
  );
  if (!valid || weights.exactMatch + weights.format === 0) {
    throw new LitmusError("invalid-config", "reward weights must be finite, at least 0 and not all 0", {
      path: "reward.weights",
    });
  }
  return {
    scorer: scorerVersion,
    verify: (trajectory, goldenAnswers, goldRecordIds = []) => {
      try {
        return score(trajectory, { goldenAnswers, goldRecordIds }, weights);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return fail(failure("scorer-error", `the scorer could not read the record: ${message}`));
      }
    },
  };
}
