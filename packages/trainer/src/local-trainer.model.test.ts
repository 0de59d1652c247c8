import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Datum, Trainer } from "@litmus/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLocalTrainer } from "./local-trainer.ts";
import { goldenBase, goldenLora, writeGoldenAdapter } from "./testing/golden-adapter.ts";

const modelPath = process.env["LITMUS_TEST_MODEL_F16"] ?? "";

/** Made by fixtures/make-golden-log-probs.mjs. */
interface Golden {
  readonly tokens: readonly number[];
  /** Of tokens 1, 2, … of the text. */
  readonly base: readonly number[];
  readonly adapter: readonly number[];
}

/** Lengths within the sliding window, at its edge, one beyond it and far beyond it. */
const lengths = [64, 512, 513, 1100];

const datum = (tokens: readonly number[]): Datum => {
  const positions = tokens.slice(1).map((_, i) => i + 1);
  const ones = positions.map(() => 1);
  return {
    id: `${tokens.length}`,
    tokens,
    positions,
    weights: ones,
    advantages: ones,
    behaviourLogProbs: null,
    oldLogProbs: null,
  };
};

function distance(found: readonly number[], expected: readonly number[]): { mean: number; signed: number } {
  const differences = found.map((value, i) => value - expected[i]!);
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean: total(differences.map(Math.abs)), signed: Math.abs(total(differences)) };
}

describe.skipIf(modelPath === "")("local trainer on Gemma 3 270M", () => {
  let golden: Golden;
  let trainer: Trainer;
  let directory: string;
  beforeAll(async () => {
    golden = JSON.parse(
      await readFile(new URL("../fixtures/golden-log-probs.json", import.meta.url), "utf8"),
    ) as Golden;
    directory = await mkdtemp(join(tmpdir(), "litmus-golden-"));
    trainer = await createLocalTrainer({
      modelPath,
      baseSha256: goldenBase,
      lora: goldenLora,
      threads: 2,
      lengths: [64, 512, 1152],
    });
  });
  afterAll(async () => {
    await trainer?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const logProbsAt = async (length: number): Promise<readonly number[]> =>
    (await trainer.forward([datum(golden.tokens.slice(0, length))]))[0]!;

  it.each(lengths)("agrees with the sampler's engine over the first %i tokens of a text", async (length) => {
    const { mean, signed } = distance(await logProbsAt(length), golden.base);
    expect(mean).toBeLessThan(2e-3);
    // Single differences have a deviation of about 2e-3; the mean of few of them may not be nearer than that allows.
    expect(signed).toBeLessThan(Math.max(3e-4, (4 * 2e-3) / Math.sqrt(length)));
  });

  it("agrees with it under an adapter that both read from one file", async () => {
    const before = await logProbsAt(1100);
    await trainer.load(await writeGoldenAdapter(modelPath, directory));
    const after = await logProbsAt(1100);
    expect(distance(after, before).mean).toBeGreaterThan(0.3);
    const { mean, signed } = distance(after, golden.adapter);
    expect(mean).toBeLessThan(2e-3);
    expect(signed).toBeLessThan(3e-4);
  });
});
