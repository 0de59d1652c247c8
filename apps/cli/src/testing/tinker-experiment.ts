import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FakeServerOptions } from "@litmus/tinker/testing";
import { FakeTinkerServer } from "@litmus/tinker/testing";
import { stringify } from "yaml";

/** An experiment whose sampler and trainer are on a Tinker server, with litmus-mini and a vocabulary of bytes. */
export interface TinkerExperiment {
  readonly folder: string;
  readonly config: string;
  readonly environment: Readonly<Record<string, string>>;
  fake(options?: Partial<FakeServerOptions>): FakeTinkerServer;
  remove(): Promise<void>;
}

const datasets = fileURLToPath(new URL("../../../../datasets/litmus-mini/", import.meta.url));
const control = ["<pad>", "<eos>", "<bos>", "<unk>", "<|turn>", "<turn|>"];
const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);

/** In small: one step of two groups of three, two updates and a KL term. */
export async function makeTinkerExperiment(): Promise<TinkerExperiment> {
  const folder = await mkdtemp(join(tmpdir(), "litmus-cli-tinker-"));
  await writeFile(join(folder, "tokenizer.json"), JSON.stringify(byteTokenizer()));
  const config = join(folder, "small.yaml");
  await writeFile(config, stringify(experiment));
  return {
    folder,
    config,
    environment: { LITMUS_CACHE: join(folder, "cache"), LITMUS_OFFLINE: "true" },
    fake: (options) => new FakeTinkerServer({ baseModel: "gemma", server: "skyrl-megatron", tokenizer, ...options }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const tokenizer = {
  vocabularySize: control.length + bytes.length,
  decode: (ids: readonly number[]): string =>
    decoder.decode(Uint8Array.from(ids.filter((id) => id >= control.length).map((id) => id - control.length))),
};

function byteTokenizer(): object {
  const vocab = Object.fromEntries([...control, ...bytes].map((content, id) => [content, id]));
  return {
    added_tokens: control.map((content, id) => ({ id, content, special: true })),
    normalizer: { type: "Replace", pattern: { String: " " }, content: "\u2581" },
    pre_tokenizer: null,
    decoder: { type: "ByteFallback" },
    model: { type: "BPE", unk_token: "<unk>", byte_fallback: true, vocab, merges: [] },
  };
}

const experiment = {
  name: "small",
  seed: 1,
  model: {
    name: "gemma",
    licence: "none",
    sha256: null,
    weights: "as-published",
    sources: [{ type: "path", path: "tokenizer.json" }],
  },
  corpus: { name: "litmus-mini", path: join(datasets, "corpus.jsonl"), idSpace: "own" },
  problems: {
    type: "files",
    train: join(datasets, "train.jsonl"),
    validation: join(datasets, "validation.jsonl"),
    test: join(datasets, "test.jsonl"),
  },
  agent: {
    basePrompt: "chat-v1",
    trainedPrompt: "chat-v1",
    budgets: { maxTurns: 1, maxActionTokens: 8, maxObservationTokens: 300, maxEpisodeTokens: 1500, topK: 1 },
  },
  policy: { engine: "tinker", slots: 4, contextTokens: 4000 },
  trainer: {
    engine: "tinker",
    server: "skyrl-megatron",
    baseModel: "gemma",
    lora: { rank: 4 },
    unclippedNorm: "stop-above",
  },
  stages: [
    {
      type: "grpo",
      steps: 1,
      problemsPerStep: 2,
      groupSize: 3,
      updatesPerStep: 2,
      truncation: null,
      kl: { coefficient: 0.001 },
      optimizer: { learningRate: 1e-3, maxGradientNorm: 1000 },
    },
  ],
  evaluation: { split: "validation", questions: 2, sampled: null },
  limits: { collapse: null },
};
