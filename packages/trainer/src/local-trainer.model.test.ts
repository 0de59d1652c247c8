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

/**
 * Lengths within the sliding window, at its edge, one beyond it and far beyond it; and from where on tokens are compared:
 * the head over the whole vocabulary is most of the work.
 */
const spans = [
  [64, 1],
  [512, 384],
  [513, 385],
  [1100, 600],
] as const;

/** Asks for every token from a position on. */
function datum(tokens: readonly number[], first: number): Datum {
  const positions = tokens.map((_, position) => position).slice(first);
  const ones = positions.map(() => 1);
  return {
    id: `${tokens.length}`,
    tokens,
    positions,
    weights: ones,
    advantages: ones,
    behaviourLogProbs: null,
    oldLogProbs: null,
    referenceLogProbs: null,
  };
}

function distance(found: readonly number[], expected: readonly number[]): { mean: number; signed: number } {
  const differences = found.map((value, i) => value - expected[i]!);
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean: total(differences.map(Math.abs)), signed: Math.abs(total(differences)) };
}

/** Loading and a long pass take seconds on quiet cores, minutes on crowded ones. */
const modelTimeoutMs = 600_000;

describe.skipIf(modelPath === "")("local trainer on Gemma 3 270M", { timeout: modelTimeoutMs }, () => {
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
  }, modelTimeoutMs);
  afterAll(async () => {
    await trainer?.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Log-probabilities from a position on. */
  async function logProbsOver([length, first]: readonly [number, number]): Promise<readonly number[]> {
    const [logProbs] = await trainer.forward([datum(golden.tokens.slice(0, length), first)]);
    return logProbs!;
  }
  /** Single differences have a deviation of about 2e-3; the mean of few of them may not be nearer than that allows. */
  const signedLimit = ([length, first]: readonly [number, number]): number =>
    Math.max(3e-4, (4 * 2e-3) / Math.sqrt(length - first));

  it.each(spans)("agrees with the sampler's engine on the first %i tokens of a text, from %i on", async (...span) => {
    // The golden ones begin at token 1.
    const { mean, signed } = distance(await logProbsOver(span), golden.base.slice(span[1] - 1));
    expect(mean).toBeLessThan(2e-3);
    expect(signed).toBeLessThan(signedLimit(span));
  });

  it("agrees with it under an adapter that both read from one file", async () => {
    const span = [1100, 600] as const;
    await trainer.load(await writeGoldenAdapter(modelPath, directory));
    const logProbs = await logProbsOver(span);
    expect(distance(logProbs, golden.base.slice(span[1] - 1)).mean).toBeGreaterThan(0.3);
    const { mean, signed } = distance(logProbs, golden.adapter.slice(span[1] - 1));
    expect(mean).toBeLessThan(2e-3);
    expect(signed).toBeLessThan(signedLimit(span));
  });
});
