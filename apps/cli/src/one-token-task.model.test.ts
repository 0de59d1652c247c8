import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256OfFile, toLitmusError, type AdapterReference, type Sha256, type TokenPolicy } from "@litmus/core";
import type { RunResult } from "@litmus/experiment";
import { readLoraAdapter, writeLoraAdapter } from "@litmus/models";
import { createLlamaCppPolicy, type LlamaCppPolicy } from "@litmus/policy";
import { createTrainerProcess } from "@litmus/trainer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { oneTokenConfig, runOneToken, sampledScores, type OneTokenTask } from "./testing/one-token-run.ts";

/** @file One token, learnt through sampler, store, trainer, GGUF adapter and reload; and not learnt when one of them lies. */

const model = process.env["LITMUS_TEST_MODEL_F16"];
const kernels = process.env["LITMUS_TEST_KERNELS"] ?? null;
/** Each side has one thread, so that a test beside this one has the other core; two would wait for each other. */
const patienceMs = 900_000;
const coin: OneTokenTask = {
  question: "I toss a coin. It comes up",
  goldenAnswers: ["tails"],
  groupSize: 32,
  steps: 10,
  learningRate: 2e-3,
  overrides: ["policy.slots=16"],
};

describe.skipIf(model === undefined)("the one-token task", () => {
  const modelPath = model as string;
  let directory: string;
  let base: Sha256;
  let policy: LlamaCppPolicy;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "litmus-one-token-"));
    base = await sha256OfFile(modelPath);
    policy = await createLlamaCppPolicy({
      modelPath,
      modelSha256: base,
      contextTokens: 64,
      slots: 16,
      threads: 1,
      kernels,
    });
  });

  afterAll(async () => {
    await policy.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("goes from chance to above 0.9", { timeout: patienceMs }, async () => {
    const [before, after] = sampledScores(await run("honest", policy, 10));
    expect(before).toBeLessThan(0.5);
    expect(after).toBeGreaterThan(0.9);
  });

  it.each([
    ["sign", (adapter: AdapterReference) => rewritten(adapter, "sign")],
    ["scale", (adapter: AdapterReference) => rewritten(adapter, "scale")],
    ["version", async () => null],
  ])("is not learnt when the sampler's adapter has the wrong %s", { timeout: patienceMs }, async (name, wrong) => {
    const useAdapter = async (adapter: AdapterReference | null): Promise<void> =>
      policy.useAdapter(adapter === null ? null : await wrong(adapter));
    const outcome = await run(`wrong-${name}`, delegating(policy, useAdapter), 5).then(
      (result) => sampledScores(result).at(-1),
      (error: unknown) => toLitmusError(error).code,
    );
    // Either the gate between sampler and trainer stops the run, or the task stays unlearnt.
    if (outcome !== "gate-failed") expect(outcome).toBeLessThan(0.9);
  });

  /** The adapter with B negated, or with a fiftieth of its alpha, as a file of its own. */
  async function rewritten(adapter: AdapterReference, how: "sign" | "scale"): Promise<AdapterReference> {
    const read = await readLoraAdapter(adapter.path, { baseSha256: null });
    const tensors =
      how === "sign" ? read.tensors.map((tensor) => ({ ...tensor, b: tensor.b.map((value) => -value) })) : read.tensors;
    const alpha = how === "scale" ? read.alpha / 50 : read.alpha;
    const written = await writeLoraAdapter(`${adapter.path}.${how}.gguf`, { ...read, alpha, tensors });
    return { version: adapter.version, ...written };
  }

  async function run(name: string, sampler: TokenPolicy, steps: number): Promise<RunResult> {
    const trainer = await createTrainerProcess({
      modelPath,
      baseSha256: base,
      lora: { rank: 8, alpha: 16, targets: ["attn_q", "attn_v", "attn_output", "ffn_down"], seed: 1 },
      threads: 1,
      lengths: [256],
    });
    const task = { ...coin, steps };
    try {
      const parts = { name, directory, policy: sampler, trainer: async () => trainer };
      return await runOneToken(task, await oneTokenConfig(task), parts);
    } finally {
      await trainer.close();
    }
  }
});

/** The policy with one method replaced. */
function delegating(policy: TokenPolicy, useAdapter: TokenPolicy["useAdapter"]): TokenPolicy {
  return {
    tokenizer: policy.tokenizer,
    contextTokens: policy.contextTokens,
    identity: () => policy.identity(),
    sample: (request, signal) => policy.sample(request, signal),
    score: (requests, signal) => policy.score(requests, signal),
    release: (episodeId) => policy.release(episodeId),
    useAdapter,
    metrics: () => policy.metrics(),
    close: () => policy.close(),
  };
}
