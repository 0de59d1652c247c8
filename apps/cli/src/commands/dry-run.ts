import type { ExperimentConfig, LoadedConfig } from "@litmus/experiment";
import { stringify } from "yaml";
import type { Reporter } from "../output/reporter.ts";
import { directoryOf } from "../wiring/open-model.ts";
import { estimateCost, type CostEstimate, type Work } from "./estimate-cost.ts";
import { neededFiles, neededServers } from "./run-needs.ts";

interface DryRun {
  readonly loaded: LoadedConfig;
  readonly configPath: string;
  readonly reporter: Reporter;
}

/** `litmus train --dry-run`: what would run, what it would cost, what it needs. Asks no server and touches nothing. */
export async function dryRun({ loaded, configPath, reporter }: DryRun): Promise<void> {
  const { config, hash } = loaded;
  const estimate = estimateCost(config);
  const { fetches, missing } = await neededFiles(config, directoryOf(configPath));
  const servers = neededServers(config);
  const text = [
    stringify(config).trimEnd(),
    "",
    `# config hash: ${hash}`,
    ...linesOf(estimate, config).map((line) => `# ${line}`),
    ...estimate.assumptions.map((line) => `# assumed: ${line}`),
    ...servers.map(({ part, engine, variable }) => `# elsewhere: the ${part}, ${engine}, which ${variable} names`),
    `# to fetch: ${fetches.length === 0 ? "nothing" : fetches.map((source) => JSON.stringify(source)).join(", ")}`,
    ...missing.map((path) => `# to be put in place: ${path}`),
  ];
  reporter.result({ type: "dry-run", config, configHash: hash, estimate, fetches, missing, servers }, text.join("\n"));
}

const count = (value: number): string => value.toLocaleString("en");

function linesOf(
  { episodes, updates, longest, usual, seconds, diskMegabytes }: CostEstimate,
  config: ExperimentConfig,
) {
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
    `where every episode uses its budgets to the full: ${work(longest)}`,
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
