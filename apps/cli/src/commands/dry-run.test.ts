import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig, type ExperimentConfig } from "@litmus/experiment";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment } from "../environment.ts";
import { runLitmus } from "../testing/run-litmus.ts";
import { estimateCost } from "./estimate-cost.ts";
import { neededFiles, neededServers } from "./run-needs.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "litmus-dry-run-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function configOf(name: string, overrides: string[] = []): Promise<ExperimentConfig> {
  const path = join(environment.root, "configs", name);
  return parseConfig(await readFile(path, "utf8"), { path, overrides }).config;
}

describe("what a run costs, before it begins", () => {
  it("follows from the budgets: PaperSearchQA at its full size", async () => {
    const { episodes, updates, longest, usual, seconds } = estimateCost(
      await configOf("papersearchqa-gemma4-e4b.yaml"),
    );
    // 512 problems of 5 trajectories in 150 steps; 2 % of 54,907 questions, greedy and sampled, before, twice within and after.
    const training = 512 * 5 * 150;
    const evaluation = 1098 * 2 * 4;
    expect(episodes).toEqual({ training, evaluation });
    expect(updates).toBe(300);
    expect(longest).toEqual({
      searches: (training + evaluation) * 4,
      sampledTokens: (training + evaluation) * 2500,
      readTokens: (training + evaluation) * 4096,
      trainedTokens: training * 4096,
      // For the loss, the ratio of the second update, and the KL term.
      scoredTokens: training * 3 * 4096,
    });
    for (const key of Object.keys(longest) as (keyof typeof longest)[])
      expect(usual[key]).toBeLessThanOrEqual(longest[key]);
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
    expect(plain.longest.scoredTokens).toBe(0);
    expect(divided.longest.scoredTokens).toBe(3 * 6 * 4 * 2 * 300);
    expect(divided.updates - plain.updates).toBe(3);
  });

  it("says what it takes for granted", async () => {
    const assumed = async (...overrides: string[]) =>
      estimateCost(await configOf("quickstart.yaml", overrides)).assumptions.join("\n");
    expect(await assumed("evaluation={questions: 9}")).toBe(
      "tokens are those after the part of the prompt that all episodes share",
    );
    expect(await assumed("evaluation={}")).toContain("500 questions to evaluate");
    expect(await assumed("stages.1.curriculum={probe: 3}")).toContain("without 3 samples of each training problem");
    expect(await assumed("stages.1.dynamicSampling={maxBatches: 4}")).toContain("up to 4 times as many");
    const chat = ["policy={engine: chat, module: m}", "trainer={engine: none}", "stages=[]", "agent={}"];
    const model = ["model={name: some-model, licence: terms}", "evaluation.sampled=null"];
    expect(await assumed(...chat, ...model)).toContain("a chat model's tokens are estimated");
  });
});

describe("what a run needs", () => {
  const missing = async (...overrides: string[]) =>
    (await neededFiles(await configOf("quickstart.yaml", overrides), folder)).missing;

  it("is every file that the config names and nothing brings", async () => {
    const own = [
      "retriever={engine: elasticsearch, index: i}",
      "problems={type: files, train: a, validation: b, test: c}",
    ];
    expect(await missing(...own)).toEqual(["a", "b", "c"]);
    expect(await missing(...own, "retriever.certificates=ca.pem")).toEqual(["a", "b", "c", "ca.pem"]);
    expect(await missing(...own, "stages.0={type: import, adapter: old/adapter}")).toEqual([
      "a",
      "b",
      "c",
      "old/adapter",
    ]);
    await writeFile(join(folder, "a"), "");
    expect(await missing(...own)).toEqual(["b", "c"]);
    const published = "problems={type: paper-search-qa, source: {type: path, path: qa}, files: {train: x, test: y}}";
    expect(await missing(...own.slice(0, 1), published)).toEqual(["qa/x", "qa/y"]);
    const chat = ["trainer={engine: none}", "stages=[]", "agent={}", "model={name: m, licence: l}"];
    const chatModule = (module: string) => [`policy={engine: chat, module: ${module}}`, "evaluation.sampled=null"];
    expect(await missing(...own, ...chat, ...chatModule("./my-model.mjs"))).toEqual(["b", "c", "./my-model.mjs"]);
    expect(await missing(...own, ...chat, ...chatModule("some-package"))).toEqual(["b", "c"]);
  });

  it("is a trainer's server only where it trains, or samples", async () => {
    const parts = async (...overrides: string[]) =>
      neededServers(await configOf("papersearchqa-gemma4-e4b.yaml", overrides)).map(({ part }) => part);
    expect(await parts()).toEqual(["store", "retriever", "trainer"]);
    expect(await parts("stages=[]")).toEqual(["store", "retriever", "trainer"]);
    const served = "policy={engine: openai-compatible, server: vllm, servedModel: m, contextTokens: 4608}";
    expect(await parts("stages=[]", served)).toEqual(["store", "retriever", "sampler"]);
  });
});

it("litmus train --dry-run asks no server, and says which ones and which files a run needs", async () => {
  const none = { LITMUS_OFFLINE: "true", LITMUS_POSTGRES_URL: "", LITMUS_ELASTICSEARCH_URL: "", LITMUS_TINKER_URL: "" };
  const vocabulary = join(folder, "tokenizer.json");
  const set = ["--set", `model.sources=[{type: path, path: ${vocabulary}}]`];
  const words = ["train", "configs/papersearchqa-gemma4-e4b.yaml", "--dry-run", ...set];
  const { exitCode, lines, stderr } = await runLitmus(words, { environment: none });
  expect(exitCode, stderr).toBe(0);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    type: "dry-run",
    fetches: [{ type: "hub", repository: "jmhb/PaperSearchQA" }],
    missing: [vocabulary],
    servers: [
      { part: "store", engine: "postgres", variable: "LITMUS_POSTGRES_URL" },
      { part: "retriever", engine: "elasticsearch", variable: "LITMUS_ELASTICSEARCH_URL" },
      { part: "trainer", engine: "tinker", variable: "LITMUS_TINKER_URL" },
    ],
  });
});
