import { deriveSeed } from "@litmus/core";
import type { Tokenizer } from "@litmus/core";
import { commonPrefixLength } from "../../cached-sequence.ts";
import { logProbsOf } from "./fake-model.ts";
import type { FakeModel } from "./fake-model.ts";

export interface FakeGenerationRequest {
  readonly tokens: readonly number[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly stopTexts: readonly string[];
  readonly endTokens: readonly number[];
  readonly adapter: string | null;
  /** Sampled whatever its probability. */
  readonly forced?: number | undefined;
}

export interface FakeGeneration {
  readonly tokens: readonly number[];
  /** Under the whole distribution at temperature 1, and at the request's. */
  readonly logProbs: readonly number[];
  readonly logProbsAtTemperature: readonly number[];
  readonly stop: "end" | "text" | "limit";
  readonly stopText: string | null;
  /** Tokens of the context that an earlier request of the same adapter had evaluated; never the last one. */
  readonly cachedTokens: number;
}

/** What all three engines do alike: decode token by token, keep a cache, score. */
export class FakeDecoder {
  readonly tokenizer: Tokenizer;
  model: FakeModel;
  readonly #caches = new Map<string | null, (readonly number[])[]>();

  constructor(tokenizer: Tokenizer, model: FakeModel) {
    this.tokenizer = tokenizer;
    this.model = model;
  }

  generate(request: FakeGenerationRequest): FakeGeneration {
    const cachedTokens = this.#cachedTokens(request);
    const [tokens, logProbs, logProbsAtTemperature]: [number[], number[], number[]] = [[], [], []];
    const end = (stop: FakeGeneration["stop"], stopText: string | null = null): FakeGeneration => {
      this.#cachesOf(request.adapter).push([...request.tokens, ...tokens]);
      return { tokens, logProbs, logProbsAtTemperature, stop, stopText, cachedTokens };
    };
    while (tokens.length < request.maxTokens) {
      const logits = this.model([...request.tokens, ...tokens], request.adapter);
      const plain = logProbsOf(logits, 1);
      const hot = request.temperature > 0 ? logProbsOf(logits, request.temperature) : plain;
      const token = request.forced ?? draw(hot, request, tokens.length);
      tokens.push(token);
      logProbs.push(plain[token] ?? NaN);
      logProbsAtTemperature.push(hot[token] ?? NaN);
      if (request.endTokens.includes(token)) return end("end");
      const text = request.stopTexts.find((stop) => this.tokenizer.decode(tokens).includes(stop));
      if (text !== undefined) return end("text", text);
    }
    return end("limit");
  }

  /** Log-probability of every token given those before it; null for the first. */
  score(tokens: readonly number[], adapter: string | null): readonly (number | null)[] {
    return tokens.map((token, t) =>
      t === 0 ? null : (logProbsOf(this.model(tokens.slice(0, t), adapter), 1)[token] ?? null),
    );
  }

  #cachedTokens({ tokens, adapter }: FakeGenerationRequest): number {
    const lengths = this.#cachesOf(adapter).map((cache) => commonPrefixLength(cache, tokens));
    return Math.min(tokens.length - 1, Math.max(0, ...lengths));
  }

  #cachesOf(adapter: string | null): (readonly number[])[] {
    const caches = this.#caches.get(adapter) ?? [];
    this.#caches.set(adapter, caches);
    return caches;
  }
}

function draw(logProbs: readonly number[], { temperature, seed }: FakeGenerationRequest, index: number): number {
  if (temperature === 0) return logProbs.indexOf(Math.max(...logProbs));
  const uniform = deriveSeed(seed, index) / 2 ** 32;
  let sum = 0;
  const token = logProbs.findIndex((logProb) => (sum += Math.exp(logProb)) > uniform);
  return token < 0 ? logProbs.length - 1 : token;
}
