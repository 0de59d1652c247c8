import { isReinforcement, stepsOf, type ExperimentConfig, type LoadedConfig } from "@litmus/experiment";
import { stringify } from "yaml";
import type { Reporter } from "../output/reporter.ts";
import { directoryOf, isModelCached } from "../wiring/open-model.ts";

interface DryRun {
  readonly loaded: LoadedConfig;
  readonly configPath: string;
  readonly reporter: Reporter;
}

/** Tokens a second on two plain cores, rough: measured with a policy of 270 M parameters. */
const rates = { prefill: 400, decode: 90, update: 250 } as const;
/** Of the longest action, sampled in a usual episode of one search. */
const usualActions = 1.4;

/** `litmus train --dry-run`: what would run, what it would cost, what would be fetched. Touches nothing. */
export async function dryRun({ loaded, configPath, reporter }: DryRun): Promise<void> {
  const estimate = estimateCost(loaded.config);
  const cached = await isModelCached(loaded.config.model, directoryOf(configPath));
  const fetches = loaded.config.policy.engine === "scripted" || cached ? [] : loaded.config.model.sources;
  const isChat = loaded.config.policy.engine === "chat";
  const text = [
    stringify(loaded.config).trimEnd(),
    "",
    `# config hash: ${loaded.hash}`,
    `# episodes: ${estimate.episodes}; sampled tokens: at most ${estimate.sampledTokens}; updates: ${estimate.updates}`,
    isChat
      ? "# time and price: the chat model's own"
      : `# time on two plain cores: about ${Math.round(estimate.seconds / 60)} minutes; adapters on disk: about ${estimate.diskMegabytes} MB`,
    ...furtherEpisodes(loaded.config).map((line) => `# not counted: ${line}`),
    `# to fetch: ${fetches.length === 0 ? "nothing" : fetches.map((source) => JSON.stringify(source)).join(", ")}`,
  ];
  reporter.result(
    { type: "dry-run", config: loaded.config, configHash: loaded.hash, estimate, fetches },
    text.join("\n"),
  );
}

/** Episodes that depend on the problems or on chance. */
function furtherEpisodes({ stages }: ExperimentConfig): string[] {
  return stages
    .filter(isReinforcement)
    .flatMap(({ type, curriculum, dynamicSampling }) => [
      ...(curriculum === null ? [] : [`${curriculum.probe} samples of each training problem before ${type} begins`]),
      ...(dynamicSampling === null
        ? []
        : [`further groups of ${type}, up to ${dynamicSampling.maxBatches} times as many`]),
    ]);
}

interface CostEstimate {
  readonly episodes: number;
  readonly sampledTokens: number;
  readonly updates: number;
  readonly seconds: number;
  readonly diskMegabytes: number;
}

function estimateCost(config: ExperimentConfig): CostEstimate {
  const { budgets } = config.agent;
  const questions = config.evaluation.questions ?? 500;
  const { base, sampled } = config.evaluation;
  const ofBase = base ? 1 + (sampled?.base === true ? sampled.k : 0) : 0;
  const evaluated = questions * (ofBase + trainedEvaluations(config) * (1 + (sampled?.k ?? 0)));
  const rollouts = config.stages.reduce(
    (sum, stage) => sum + (isReinforcement(stage) ? stage.steps * stage.problemsPerStep * stage.groupSize : 0),
    0,
  );
  const demonstrations = config.stages.reduce(
    (sum, stage) => sum + (stage.type === "sft" ? stage.steps * stage.batch : 0),
    0,
  );
  const episodes = evaluated + rollouts;
  const sampledTokens = episodes * (budgets.maxTurns + 1) * budgets.maxActionTokens;
  const trainedTokens = (rollouts + demonstrations) * budgets.maxEpisodeTokens * 0.75;
  const seconds =
    (episodes * budgets.maxEpisodeTokens) / rates.prefill +
    (episodes * usualActions * budgets.maxActionTokens) / rates.decode +
    trainedTokens / rates.update;
  const updates = config.stages.reduce(
    (sum, stage) =>
      sum + (isReinforcement(stage) ? stage.steps * stage.updatesPerStep : stage.type === "sft" ? stage.steps : 0),
    0,
  );
  return {
    episodes,
    sampledTokens,
    updates,
    seconds: Math.round(seconds),
    diskMegabytes: versionsOf(config) * 15 + 120,
  };
}

/** One after each stage, and those between reinforcement steps. */
function trainedEvaluations({ stages, evaluation: { every } }: ExperimentConfig): number {
  const between = stages.map((stage) =>
    isReinforcement(stage) && every !== null ? Math.ceil(stage.steps / every) - 1 : 0,
  );
  return stages.length + between.reduce((sum, count) => sum + count, 0);
}

function versionsOf(config: ExperimentConfig): number {
  return config.stages.reduce(
    (sum, stage) => sum + (stage.type === "sft" ? Math.ceil(stage.steps / stage.checkpointEvery) : stepsOf(stage)),
    0,
  );
}
