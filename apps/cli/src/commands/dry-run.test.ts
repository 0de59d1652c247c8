import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseConfig, type ExperimentConfig } from "@litmus/experiment";
import { describe, expect, it } from "vitest";
import { environment } from "../environment.ts";
import { runLitmus } from "../testing/run-litmus.ts";
import { estimateCost } from "./estimate-cost.ts";

async function configOf(name: string, overrides: string[] = []): Promise<ExperimentConfig> {
  const path = join(environment.root, "configs", name);
  return parseConfig(await readFile(path, "utf8"), { path, overrides }).config;
}

describe("what a run costs, before it begins", () => {
  it("is bounded by the budgets: PaperSearchQA at its full size", async () => {
    const { episodes, updates, atMost, usual, seconds } = estimateCost(await configOf("papersearchqa-gemma4-e4b.yaml"));
    // 512 problems of 5 trajectories in 150 steps; 2 % of 54,907 questions, greedy and sampled, before, twice within and after.
    const training = 512 * 5 * 150;
    const evaluation = 1098 * 2 * 4;
    expect(episodes).toEqual({ training, evaluation });
    expect(updates).toBe(300);
    expect(atMost).toEqual({
      searches: (training + evaluation) * 4,
      sampledTokens: (training + evaluation) * 2500,
      readTokens: (training + evaluation) * 4096,
      trainedTokens: training * 4096,
      // For the loss, the ratio of the second update, and the KL term.
      scoredTokens: training * 3 * 4096,
    });
    for (const key of Object.keys(atMost) as (keyof typeof atMost)[])
      expect(usual[key]).toBeLessThanOrEqual(atMost[key]);
    expect(seconds).toBeNull();
  });

  it("has a time where everything runs on this machine", async () => {
    // README: about ten minutes on two cores.
    const { seconds } = estimateCost(await configOf("quickstart.yaml"));
    expect((seconds ?? 0) / 60).toBeGreaterThan(5);
    expect((seconds ?? 0) / 60).toBeLessThan(20);
  });

  it("counts a step that is divided, and passes for a KL term, only where there are any", async () => {
    const plain = estimateCost(await configOf("quickstart.yaml"));
    const set = ["stages.1.updatesPerStep=2", "stages.1.kl={coefficient: 0.1}"];
    const divided = estimateCost(await configOf("quickstart.yaml", set));
    expect(plain.atMost.scoredTokens).toBe(0);
    expect(divided.atMost.scoredTokens).toBe(3 * 6 * 4 * 2 * 300);
    expect(divided.updates - plain.updates).toBe(3);
  });
});

it("litmus train --dry-run asks no server, and says which ones and which files a run needs", async () => {
  const none = { LITMUS_OFFLINE: "true", LITMUS_POSTGRES_URL: "", LITMUS_ELASTICSEARCH_URL: "", LITMUS_TINKER_URL: "" };
  const words = ["train", "configs/papersearchqa-gemma4-e4b.yaml", "--dry-run"];
  const { exitCode, lines, stderr } = await runLitmus(words, { environment: none });
  expect(exitCode, stderr).toBe(0);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    type: "dry-run",
    fetches: [{ type: "hub", repository: "jmhb/PaperSearchQA" }],
    missing: ["../../shared/models/gemma-4-E4B-it/tokenizer.json"],
    servers: [
      { part: "store", engine: "postgres", variable: "LITMUS_POSTGRES_URL" },
      { part: "retriever", engine: "elasticsearch", variable: "LITMUS_ELASTICSEARCH_URL" },
      { part: "trainer", engine: "tinker", variable: "LITMUS_TINKER_URL" },
    ],
  });
});
