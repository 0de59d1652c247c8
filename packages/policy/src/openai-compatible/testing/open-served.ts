import { sha256 } from "@litmus/core";
import type { Tokenizer } from "@litmus/core";
import { createByteTokenizer } from "@litmus/testing";
import { createOpenAiCompatiblePolicy } from "../create-openai-compatible-policy.ts";
import type { EngineName, OpenAiCompatibleOptions, OpenAiCompatibleParts } from "../openai-compatible-options.ts";
import type { OpenAiCompatiblePolicy } from "../served-policy.ts";
import { FakeDecoder } from "./fake-decoder.ts";
import { FakeHttpServer } from "./fake-http-server.ts";
import { answerAsLlamaServer } from "./fake-llama-server.ts";
import { tinyModel } from "./fake-model.ts";
import { answerAsSglang } from "./fake-sglang.ts";
import { answerAsVllm } from "./fake-vllm.ts";
import type { FakeEngineStart } from "./fake-vllm.ts";

export const baseSha256 = sha256("the base of the fake engines");

const answers = { vllm: answerAsVllm, sglang: answerAsSglang, "llama-server": answerAsLlamaServer } as const;

/** A fake engine: its server, and what it was started with. */
export interface FakeEngine {
  readonly name: EngineName;
  readonly server: FakeHttpServer;
  readonly start: FakeEngineStart;
}

export async function startFakeEngine(name: EngineName, changes: Partial<FakeEngineStart> = {}): Promise<FakeEngine> {
  const start: FakeEngineStart = {
    decoder: new FakeDecoder(createByteTokenizer(), tinyModel),
    model: "base-model",
    contextLength: 600,
    processedLogProbs: true,
    adapters: new Map(),
    ...changes,
  };
  return { name, start, server: await FakeHttpServer.listen(answers[name](start)) };
}

/** Options that fit a fake engine. */
export function optionsFor({ name, server, start }: FakeEngine): OpenAiCompatibleOptions {
  return {
    engine: name,
    baseUrl: server.baseUrl,
    model: start.model,
    modelSha256: baseSha256,
    requestTimeoutMs: 280_000,
  };
}

/** Parts that never wait: pauses are noted, and over at once. */
export function partsFor(
  tokenizer: Tokenizer,
  pausesMs: number[] = [],
): OpenAiCompatibleParts & { readonly random: () => number } {
  const sleep = async (milliseconds: number): Promise<void> => void pausesMs.push(milliseconds);
  return { tokenizer, sleep, random: () => 0.5 };
}

/** A policy on a fake engine. */
export function openServed(
  engine: FakeEngine,
  changes: Partial<OpenAiCompatibleOptions & OpenAiCompatibleParts> = {},
): Promise<OpenAiCompatiblePolicy> {
  const { tokenizer, apiKey, clock, sleep, random, ...options } = changes;
  const given = { tokenizer, apiKey, clock, sleep, random };
  const parts = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return createOpenAiCompatiblePolicy(
    { ...optionsFor(engine), ...options },
    { ...partsFor(engine.start.decoder.tokenizer), ...parts },
  );
}
