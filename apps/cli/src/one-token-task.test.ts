import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireTokenPolicy } from "@litmus/core";
import { writeTinyGemma3 } from "@litmus/models";
import { afterAll, beforeAll, expect, it } from "vitest";
import { oneTokenConfig, runOneToken, sampledScores, type OneTokenTask } from "./testing/one-token-run.ts";
import { openEngines } from "./wiring/open-engines.ts";
import { createReporter } from "./output/create-reporter.ts";

/** @file One config, two bases: a tiny Gemma 3 trained and sampled here, a tiny Qwen 3 on a server of the open Tinker API. */

const url = process.env["LITMUS_TEST_TINKER"];

const letters: Omit<OneTokenTask, "overrides"> = {
  question: "Name a letter: ",
  goldenAnswers: Array.from("abcdefghijklmnopqrstuvwxyz"),
  groupSize: 32,
  steps: 40,
  learningRate: 0.01,
};
const budgets = ["maxTurns=1", "maxActionTokens=1", "maxObservationTokens=8", "maxEpisodeTokens=48"];
const common = [
  ...budgets.map((one) => `agent.budgets.${one}`),
  "policy.contextTokens=64",
  "policy.slots=16",
  // SkyRL on JAX does not clip: a bound that no gradient here reaches.
  "stages.0.optimizer.maxGradientNorm=1000",
];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "litmus-one-token-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** @returns exact match before and after, of samples at temperature 1 */
async function learn(name: string, base: readonly string[]): Promise<readonly number[]> {
  const task = { ...letters, overrides: [...common, ...base] };
  const config = await oneTokenConfig(task);
  const opening = { configDirectory: directory, reporter: createReporter(false) };
  await using engines = await openEngines(config, opening);
  const { trainer } = engines;
  const policy = requireTokenPolicy(engines.policy);
  return sampledScores(await runOneToken(task, config, { name, directory, policy, trainer }));
}

it("goes from chance to above 0.9 on a Gemma 3 here", async () => {
  await writeTinyGemma3(join(directory, "tiny.gguf"), { seed: 1, width: 64, feedForward: 128 });
  const [before, after] = await learn("gemma", [
    "model={ name: tiny-gemma-3, sha256: null, sources: [{ type: path, path: tiny.gguf }], weights: as-published, licence: none }",
    "trainer={ engine: local, lengths: [64], lora: { rank: 8 } }",
  ]);
  expect(before).toBeLessThan(0.5);
  expect(after).toBeGreaterThan(0.9);
});

it.skipIf(url === undefined)(
  "goes from chance to above 0.9 on a Qwen 3 on a Tinker server",
  { timeout: 600_000 },
  async () => {
    process.env["LITMUS_TINKER_URL"] = url;
    const baseModel = process.env["LITMUS_TEST_TINKER_BASE"] ?? "";
    const [before, after] = await learn("qwen", [
      `model={ name: tiny-qwen-3, sha256: null, sources: [{ type: path, path: "${join(baseModel, "tokenizer.json")}" }], weights: as-published, licence: none }`,
      "policy.engine=tinker",
      `trainer={ engine: tinker, server: skyrl, baseModel: "${baseModel}", lora: { rank: 8 }, unclippedNorm: stop-above }`,
    ]);
    expect(before).toBeLessThan(0.5);
    expect(after).toBeGreaterThan(0.9);
  },
);
