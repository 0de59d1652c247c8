import type { MetricInfo } from "@litmus/api";
import type { StepSummary } from "@litmus/experiment";

type Entry = Omit<MetricInfo, "name">;
type Group = MetricInfo["group"];

const entry = (group: Group, label: string, unit: string, hint: string): Entry => ({ label, unit, hint, group });

/** What is drawn around shares of a step's episodes. */
const band = "Band: Wilson's 95 % interval over the groups, whose members share a question.";

/** What an experiment stores of its steps; the type holds every name to an entry. */
const stepMetrics: Readonly<Record<Exclude<keyof StepSummary, "step">, Entry>> = {
  reward: entry("learning", "Reward", "", `Mean total reward of the step's episodes that did not fail. ${band}`),
  exactMatch: entry(
    "learning",
    "Exact match in training",
    "share",
    `Share of the step's scored episodes whose answer is right. Sampled at temperature 1, on training questions. ${band}`,
  ),
  loss: entry("learning", "Loss", "", "Of the step's updates, before them. In reinforcement it need not fall."),
  meanKl: entry(
    "stability",
    "Sampler–trainer KL",
    "nats",
    "How far sampler and trainer disagree on the same tokens, per token. Near 0 unless something is wrong.",
  ),
  entropy: entry(
    "stability",
    "Entropy",
    "nats",
    "Mean entropy of the policy at its tokens. Near 0 it has stopped exploring.",
  ),
  clipFraction: entry(
    "stability",
    "Clip fraction",
    "share",
    "Share of tokens whose ratio was clipped. 0 with one update a step.",
  ),
  gradientNorm: entry("stability", "Gradient norm", "", "Largest of the step's updates, before it is bounded."),
  searchesPerEpisode: entry("behaviour", "Searches per episode", "", "Mean over the episodes that did not fail."),
  tokensPerEpisode: entry(
    "behaviour",
    "Length of an episode",
    "tokens",
    "Mean of the tokens that the policy wrote in an episode.",
  ),
  validActions: entry("behaviour", "Readable actions", "share", "Share of actions that the parser took."),
  failures: entry(
    "behaviour",
    "Failures",
    "",
    "Episodes of the step that failed, or whose scoring did. They are never scored.",
  ),
  zeroVarianceGroups: entry(
    "stability",
    "Groups without variance",
    "",
    "Groups whose rewards are all equal: nothing is learned from them.",
  ),
  droppedGroups: entry("stability", "Dropped groups", "", "Groups of which too few members are left."),
  refusedUpdates: entry(
    "stability",
    "Refused updates",
    "",
    "Updates whose gradient was not finite; they changed nothing.",
  ),
  weightMean: entry("stability", "Mean importance weight", "", "Of trainer against sampler; 1 where both agree."),
  weightDeviation: entry(
    "stability",
    "Deviation of importance weights",
    "",
    "Standard deviation of the weights of trainer against sampler.",
  ),
  effectiveShare: entry(
    "stability",
    "Effective sample share",
    "share",
    "Share of the tokens that count after importance weighting; 1 where sampler and trainer agree.",
  ),
  versionsBehind: entry(
    "stability",
    "Versions behind",
    "",
    "Versions between the policy that sampled and the one that was updated.",
  ),
  learningRate: entry("learning", "Learning rate", "", "Of the step's updates."),
  updates: entry("learning", "Updates", "", "Optimiser steps that changed the weights."),
  episodes: entry("performance", "Episodes", "", "Made in the step, failed ones included."),
  groups: entry("performance", "Groups", "", "Made in the step; one problem each."),
  problemsPassed: entry(
    "performance",
    "Problems passed",
    "",
    "Of the stage's order, those that a curriculum left out included.",
  ),
  tokens: entry("performance", "Tokens", "tokens", "Sampled in the step; in supervised learning, taught."),
  seconds: entry(
    "performance",
    "Time of a step",
    "seconds",
    "Sampling, scoring and updating; evaluations are not in it.",
  ),
};

/** Drawn from the evaluations, under names that no step has. */
const evaluationMetrics: Readonly<Record<string, Entry>> = {
  "evaluation.exactMatch": entry("evaluation", "Exact match", "share", "Greedy, on held-out questions."),
  "evaluation.sampled": entry(
    "evaluation",
    "Exact match, sampled",
    "share",
    "Mean over the samples of each held-out question at temperature 1.",
  ),
  "evaluation.passAtK": entry(
    "evaluation",
    "Pass at k",
    "share",
    "Share of held-out questions that at least one of k samples answers rightly, of those whose samples were all scored.",
  ),
  "evaluation.goldRecall": entry(
    "evaluation",
    "Gold-record recall",
    "share",
    "Share of the held-out questions with known gold records for which one was shown.",
  ),
  "evaluation.searches": entry("evaluation", "Searches per question", "", "Greedy, mean over held-out questions."),
  "evaluation.tokens": entry(
    "evaluation",
    "Tokens per question",
    "tokens",
    "Greedy, sampled tokens, mean over held-out questions.",
  ),
  "evaluation.format": entry("evaluation", "Well-formed answers", "share", "Greedy, on held-out questions."),
  "evaluation.failed": entry(
    "evaluation",
    "Failed questions",
    "",
    "Held-out questions whose greedy episode, or its scoring, failed.",
  ),
};

const stopPrefix = "stop.";
const catalogue: Readonly<Record<string, Entry>> = { ...stepMetrics, ...evaluationMetrics };
const board = [...new Set(["reward", "evaluation.exactMatch", ...Object.keys(catalogue)])];
const order = new Map(board.map((name, index) => [name, index]));

/** A metric for people; one that is not known is listed as it is. */
export function metricInfo(name: string): MetricInfo {
  const reason = stopOf(name);
  if (reason !== null)
    return {
      name,
      label: `Ended by ${reason.replaceAll("_", " ")}`,
      unit: "share",
      hint: `Share of the step's scored episodes that ended so. ${band}`,
      group: "behaviour",
    };
  return {
    name,
    ...((Object.hasOwn(catalogue, name) ? catalogue[name] : null) ??
      entry("other", name, "", "Stored with the run; not known to this page.")),
  };
}

/** Names as metrics: those of the fixed board first and in its order, others by name. */
export function metricInfos(names: Iterable<string>): MetricInfo[] {
  const rank = (name: string): number => order.get(name) ?? board.length + (stopOf(name) === null ? 1 : 0);
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)).map(metricInfo);
}

/** The metric that says which share of a step's episodes ended by a reason. */
export const stopMetric = (reason: string): string => `${stopPrefix}${reason}`;

/** The reason of a metric that {@link stopMetric} names; null of any other. */
export const stopOf = (metric: string): string | null =>
  metric.startsWith(stopPrefix) ? metric.slice(stopPrefix.length) : null;

/** Whether every run stores it of its steps. */
export const isStepMetric = (name: string): boolean => Object.hasOwn(stepMetrics, name);
