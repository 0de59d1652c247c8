import type { RewardCard } from "@litmus/api";
import type { Problem, StoredTrajectory } from "@litmus/core";
import {
  judgeAnswer,
  normalizeAnswer,
  policyAnswer,
  scorerVersion,
  type Judgement,
  type JudgementRule,
} from "@litmus/reward";

const rules: Readonly<Record<JudgementRule, string>> = {
  match: "The whole answer, in its normal form, equals a golden answer.",
  empty: "Nothing is left of the answer in its normal form.",
  "too-long": "The answer is far longer than any golden answer: a list of guesses is not an answer.",
  "several-answers": "The answer enumerates several answers, of which at most one can be right.",
  "no-match": "The whole answer, in its normal form, equals no golden answer. Containing one is not enough.",
};

/** Why a trajectory has its reward; null where nothing was scored. */
export function rewardCard(entry: StoredTrajectory, problem: Problem | null): RewardCard | null {
  const { reward } = entry;
  if (reward === null) return null;
  const judged = judge(entry, problem);
  return {
    total: reward.total,
    scorer: reward.scorer,
    components: reward.components.map((component) => ({ ...component })),
    verdict: typeof judged === "string" ? null : judged,
    verdictMissing: typeof judged === "string" ? judged : null,
  };
}

/** The verdict, by the same judge on the same span; or why there is none. */
function judge(
  { trajectory, reward }: StoredTrajectory,
  problem: Problem | null,
): NonNullable<RewardCard["verdict"]> | string {
  if (reward?.scorer !== scorerVersion)
    return `It was scored by ${reward?.scorer ?? "nobody"}, and this version of Litmus has ${scorerVersion}: its details say what was compared.`;
  if (problem === null) return "The question's golden answers are not stored.";
  const answer = policyAnswer(trajectory);
  if (!answer.ok) return answer.failure.message;
  if (answer.value === null) return "The episode ended without an answer.";
  return verdictOf(judgeAnswer(answer.value, problem.goldenAnswers), problem);
}

const verdictOf = (
  { rule, answer, normalForm, golden }: Judgement,
  { goldenAnswers }: Problem,
): NonNullable<RewardCard["verdict"]> => ({
  rule,
  sentence: rules[rule],
  scoredSpan: answer,
  normalForm,
  matched: golden,
  golden: goldenAnswers.map((text) => ({ text, normalForm: normalizeAnswer(text) })),
});
