import { isReinforcement, stepsOf, type ExperimentConfig } from "@litmus/experiment";
import { assumedQuestions, costAssumptions } from "./cost-assumptions.ts";

/** What a run costs, from its config alone. */
export interface CostEstimate {
  readonly episodes: { readonly training: number; readonly evaluation: number };
  readonly updates: number;
  /** What the estimate takes for granted, or leaves out. */
  readonly assumptions: readonly string[];
  /** Where every episode uses its budgets to the full. */
  readonly longest: Work;
  /** Where episodes are like those of a policy of 270 M parameters: see `usualSearches`. */
  readonly usual: Work;
  /** On two plain cores; null where a server samples or trains, whose speed is not known here. */
  readonly seconds: number | null;
  /** Of adapters; null where a server keeps them. */
  readonly diskMegabytes: number | null;
}

export interface Work {
  readonly searches: number;
  readonly sampledTokens: number;
  /** Tokens that the policy reads, each once: an engine without a prefix cache reads an episode's again at every turn. */
  readonly readTokens: number;
  /** Through forward and backward passes. */
  readonly trainedTokens: number;
  /** Through forward passes alone: old and reference log-probabilities, and the loss's own where a Tinker server trains. */
  readonly scoredTokens: number;
}

/** Tokens a second on two plain cores, rough: measured with a policy of 270 M parameters. */
const rates = { read: 400, sample: 90, update: 250 } as const;

/** An episode of that policy: one search, 1.4 of its longest actions, three quarters of its tokens. */
const usualSearches = 1;
const usualActions = 1.4;
const usualShare = 0.75;

/** Reads nothing but the config. */
export function estimateCost(config: ExperimentConfig): CostEstimate {
  const episodes = { training: trainingEpisodes(config), evaluation: evaluationEpisodes(config) };
  const usual = workOf(config, episodes, usualEpisode(config));
  const isLocal = config.policy.engine === "llama-cpp" && config.trainer.engine === "local";
  const seconds =
    usual.readTokens / rates.read + usual.sampledTokens / rates.sample + usual.trainedTokens / rates.update;
  return {
    episodes,
    updates: updatesOf(config),
    assumptions: costAssumptions(config),
    longest: workOf(config, episodes, longestEpisode(config)),
    usual,
    seconds: isLocal ? Math.round(seconds) : null,
    diskMegabytes: isLocal ? versionsOf(config) * 15 + 120 : null,
  };
}

/** Of one episode. */
interface EpisodeSize {
  readonly searches: number;
  readonly sampledTokens: number;
  readonly tokens: number;
}

function longestEpisode({ agent: { budgets } }: ExperimentConfig): EpisodeSize {
  const { maxTurns, maxActionTokens, maxEpisodeTokens } = budgets;
  const sampledTokens = Math.min((maxTurns + 1) * maxActionTokens, maxEpisodeTokens);
  return { searches: maxTurns, sampledTokens, tokens: maxEpisodeTokens };
}

function usualEpisode(config: ExperimentConfig): EpisodeSize {
  const longest = longestEpisode(config);
  const tokens = longest.tokens * usualShare;
  const sampledTokens = Math.min(usualActions * config.agent.budgets.maxActionTokens, tokens);
  return { searches: Math.min(usualSearches, longest.searches), sampledTokens, tokens };
}

function workOf(config: ExperimentConfig, episodes: CostEstimate["episodes"], size: EpisodeSize): Work {
  const all = episodes.training + episodes.evaluation;
  const scored = config.stages.reduce((sum, stage) => sum + rolloutsOf(stage) * passesOf(config, stage), 0);
  return {
    searches: Math.round(all * size.searches),
    sampledTokens: Math.round(all * size.sampledTokens),
    readTokens: Math.round(all * size.tokens),
    trainedTokens: Math.round((episodes.training + demonstrationsOf(config)) * size.tokens),
    scoredTokens: Math.round(scored * size.tokens),
  };
}

type Stage = ExperimentConfig["stages"][number];

const rolloutsOf = (stage: Stage): number =>
  isReinforcement(stage) ? stage.steps * stage.problemsPerStep * stage.groupSize : 0;

/** Forward passes of each trajectory besides its update's own. */
function passesOf({ trainer }: ExperimentConfig, stage: Stage): number {
  if (!isReinforcement(stage)) return 0;
  const ofLoss = trainer.engine === "tinker" ? 1 : 0;
  return ofLoss + (stage.updatesPerStep > 1 ? 1 : 0) + (stage.kl === null ? 0 : 1);
}

function trainingEpisodes({ stages }: ExperimentConfig): number {
  return stages.reduce((sum, stage) => sum + rolloutsOf(stage), 0);
}

function demonstrationsOf({ stages }: ExperimentConfig): number {
  return stages.reduce((sum, stage) => sum + (stage.type === "sft" ? stage.steps * stage.batch : 0), 0);
}

function evaluationEpisodes(config: ExperimentConfig): number {
  const { base, sampled } = config.evaluation;
  const ofBase = base ? 1 + (sampled?.base === true ? sampled.k : 0) : 0;
  return questionsOf(config) * (ofBase + trainedEvaluations(config) * (1 + (sampled?.k ?? 0)));
}

function questionsOf({ problems, evaluation: { questions, split } }: ExperimentConfig): number {
  if (problems.type !== "paper-search-qa") return questions ?? assumedQuestions;
  const { rows, validationShare } = problems;
  const all = split === "test" ? rows.test : Math.round(rows.train * validationShare);
  return Math.min(questions ?? all, all);
}

/** One after each stage, and those between reinforcement steps. */
function trainedEvaluations({ stages, evaluation: { every } }: ExperimentConfig): number {
  const between = stages.map((stage) =>
    isReinforcement(stage) && every !== null ? Math.ceil(stage.steps / every) - 1 : 0,
  );
  return stages.length + between.reduce((sum, count) => sum + count, 0);
}

function updatesOf({ stages }: ExperimentConfig): number {
  return stages.reduce(
    (sum, stage) =>
      sum + (isReinforcement(stage) ? stage.steps * stage.updatesPerStep : stage.type === "sft" ? stage.steps : 0),
    0,
  );
}

function versionsOf({ stages }: ExperimentConfig): number {
  return stages.reduce(
    (sum, stage) => sum + (stage.type === "sft" ? Math.ceil(stage.steps / stage.checkpointEvery) : stepsOf(stage)),
    0,
  );
}
