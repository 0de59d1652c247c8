import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { isReinforcement, type ExperimentConfig, type LoadedConfig } from "@litmus/experiment";
import { stringify } from "yaml";
import type { Reporter } from "../output/reporter.ts";
import { directoryOf, isModelCached } from "../wiring/open-model.ts";
import { estimateCost, type CostEstimate, type Work } from "./estimate-cost.ts";

interface DryRun {
  readonly loaded: LoadedConfig;
  readonly configPath: string;
  readonly reporter: Reporter;
}

/** `litmus train --dry-run`: what would run, what it would cost, what it needs. Asks no server and touches nothing. */
export async function dryRun({ loaded, configPath, reporter }: DryRun): Promise<void> {
  const { config, hash } = loaded;
  const estimate = estimateCost(config);
  const { fetches, missing } = await filesOf(config, directoryOf(configPath));
  const servers = serversOf(config);
  const text = [
    stringify(config).trimEnd(),
    "",
    `# config hash: ${hash}`,
    ...linesOf(estimate, config).map((line) => `# ${line}`),
    ...furtherEpisodes(config).map((line) => `# not counted: ${line}`),
    ...servers.map(({ part, engine, variable }) => `# server of the ${part}: ${engine}, at the address in ${variable}`),
    `# to fetch: ${fetches.length === 0 ? "nothing" : fetches.map((source) => JSON.stringify(source)).join(", ")}`,
    ...missing.map((path) => `# to be put in place: ${path}`),
  ];
  reporter.result({ type: "dry-run", config, configHash: hash, estimate, fetches, missing, servers }, text.join("\n"));
}

const count = (value: number): string => value.toLocaleString("en");

function linesOf({ episodes, updates, atMost, usual, seconds, diskMegabytes }: CostEstimate, config: ExperimentConfig) {
  const work = (of: Work): string =>
    [
      `${count(of.searches)} searches`,
      `tokens: ${count(of.sampledTokens)} sampled`,
      `${count(of.readTokens)} read`,
      `${count(of.trainedTokens)} trained on`,
      `${count(of.scoredTokens)} scored`,
    ].join(", ");
  const turns = config.agent.budgets.maxTurns + 1;
  return [
    `episodes: ${count(episodes.training)} to train on, ${count(episodes.evaluation)} to evaluate; updates: ${count(updates)}`,
    `at most, by the budgets: ${work(atMost)}`,
    `where episodes are like a small policy's, of one search: ${work(usual)}`,
    ...(config.policy.engine === "chat"
      ? ["time and price: the chat model's own"]
      : seconds === null
        ? [
            `without a prefix cache a server reads an episode anew at each of up to ${turns} turns; its speed is not known here`,
          ]
        : [`time on two plain cores: about ${Math.round(seconds / 60)} minutes`]),
    ...(diskMegabytes === null ? [] : [`adapters on disk: about ${diskMegabytes} MB`]),
  ];
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

/** Parts that are elsewhere: each is probed when the run begins. */
function serversOf(config: ExperimentConfig): { part: string; engine: string; variable: string }[] {
  const parts = { store: config.store, queue: config.queue, retriever: config.retriever, sampler: config.policy };
  return Object.entries({ ...parts, trainer: config.trainer }).flatMap(([part, chosen]) =>
    "urlVariable" in chosen ? [{ part, engine: chosen.engine, variable: chosen.urlVariable }] : [],
  );
}

interface Files {
  /** Sources of what is not in the cache. */
  readonly fetches: readonly object[];
  /** Files that have no other source. */
  readonly missing: readonly string[];
}

async function filesOf(config: ExperimentConfig, directory: string): Promise<Files> {
  const { model, policy, problems, retriever, corpus } = config;
  const isReadable = (path: string): Promise<boolean> =>
    access(resolve(directory, path)).then(
      () => true,
      () => false,
    );
  const sources = policy.engine === "scripted" || (await isModelCached(model, directory)) ? [] : model.sources;
  const fetched = sources.filter((source) => source.type !== "path");
  // Its files have hashes of their own: whether they are whole is seen when they are read.
  const questions = problems.type === "paper-search-qa" && problems.source.type === "hub" ? [problems.source] : [];
  const paths = [
    ...(fetched.length === 0 ? sources.flatMap((source) => (source.type === "path" ? [source.path] : [])) : []),
    ...(retriever.engine === "bm25" ? [corpus.path] : []),
    ...(problems.type === "connected-components" ? [problems.path] : []),
    ...(problems.type === "files" ? [problems.train, problems.validation, problems.test] : []),
  ];
  const readable = await Promise.all(paths.map(isReadable));
  return { fetches: [...fetched, ...questions], missing: paths.filter((_, index) => readable[index] === false) };
}
