import { LitmusError } from "@litmus/core";
import type { Outcome, SampleRequest, Tokenizer } from "@litmus/core";
import { checkTokenizer } from "./check-tokenizer.ts";
import type { EngineDialect } from "./engine-dialect.ts";
import { engineError } from "./engine-failure.ts";
import { readAction } from "./read-action.ts";
import type { ReadAction } from "./read-action.ts";

/** What an engine was found to do, by asking it. */
export interface EngineCapabilities {
  /** Longest context that can be sampled from and scored. */
  readonly contextTokens: number;
  /** Whether contexts can be scored teacher-forced. */
  readonly scores: boolean;
  /** Whether log-probabilities are taken after the temperature; if not, only temperatures 0 and 1 can be sampled. */
  readonly logProbsFollowTemperature: boolean;
  /** Whether one seed gave one action twice. */
  readonly heedsSeeds: boolean;
}

/** Longest action of a probe. */
const probeTokens = 8;
/** Mean nats between sampled and scored: half precision and batches make a few hundredths, a wrong setting tenths. */
const toleranceNats = 0.2;
/** Hot enough that a distribution changes much. */
const probeTemperature = 2;

/**
 * Compares tokenizers, then samples and scores a short context to learn what the engine gives.
 * @throws LitmusError `incompatible` for an engine with another tokenizer, or one that gives no ids, no log-probabilities or
 * not those that it samples from: nothing can be trained on it; `unavailable` when it cannot be reached;
 * `invalid-config` for a bad key
 */
export async function probeEngine(engine: EngineDialect, tokenizer: Tokenizer): Promise<EngineCapabilities> {
  const described = await engine.describe();
  const hint = "check that the engine runs, and engine, baseUrl and model";
  if (!described.ok) throw engineError(described.failure, { what: "the engine does not describe itself", hint });
  await checkTokenizer(engine, tokenizer);
  const probe = new Probe(engine, tokenizer, described.value.contextTokens);
  const plain = await probe.action({ temperature: 1, seed: 1 });
  const distance = await probe.distance(plain);
  refuseOtherDistribution(distance);
  const again = await probe.action({ temperature: 1, seed: 1 });
  return {
    contextTokens: described.value.contextTokens,
    scores: distance !== null,
    logProbsFollowTemperature: engine.canFollowTemperature && distance !== null && (await probe.followsTemperature()),
    heedsSeeds: String(again.tokens) === String(plain.tokens),
  };
}

function refuseOtherDistribution(distance: number | null): void {
  if (distance === null || distance <= toleranceNats) return;
  const found = `sampled and scored log-probabilities differ by ${distance.toFixed(3)} nats a token at temperature 1`;
  throw new LitmusError("incompatible", `the engine does not sample from the distribution that it reports: ${found}`, {
    hint: "switch off what changes the distribution: penalties, truncation, speculative decoding, a quantised cache",
  });
}

class Probe {
  readonly #engine: EngineDialect;
  readonly #tokenizer: Tokenizer;
  readonly #contextTokens: number;
  readonly #prompt: readonly number[];

  constructor(engine: EngineDialect, tokenizer: Tokenizer, contextTokens: number) {
    this.#engine = engine;
    this.#tokenizer = tokenizer;
    this.#contextTokens = contextTokens;
    this.#prompt = [tokenizer.special.beginOfSequence, ...tokenizer.encode("Question: Which gland makes insulin?\n")];
  }

  async action(changes: Pick<SampleRequest, "temperature" | "seed">): Promise<ReadAction> {
    const request = { tokens: this.#prompt, maxTokens: probeTokens, stopTexts: [], ...changes };
    const { endTokens } = this.#tokenizer;
    const raw = await this.#engine.sample({ ...request, endTokens, adapter: null });
    const bounds = { tokenizer: this.#tokenizer, contextTokens: this.#contextTokens };
    return this.#trainable(raw.ok ? readAction(raw.value, request, bounds) : raw);
  }

  /** Mean absolute difference of sampled and scored log-probabilities; null when the engine does not score. */
  async distance({ tokens, logProbs }: ReadAction): Promise<number | null> {
    const positions = tokens.map((_, i) => this.#prompt.length + i);
    const scored = await this.#engine.score({ tokens: [...this.#prompt, ...tokens], positions, adapter: null });
    if (scored.ok) return mean(scored.value.map((score, i) => Math.abs(score - (logProbs[i] ?? NaN))));
    if (!scored.failure.retryable) return null;
    throw engineError(scored.failure, {
      what: "the engine does not score a context",
      hint: "check that it still runs",
    });
  }

  /** Scores are of temperature 1: what is reported at another one must differ from them. */
  async followsTemperature(): Promise<boolean> {
    const distance = await this.distance(await this.action({ temperature: probeTemperature, seed: 1 }));
    return distance !== null && distance > toleranceNats;
  }

  #trainable(action: Outcome<ReadAction>): ReadAction {
    if (action.ok) return action.value;
    const what = "nothing can be trained on this endpoint, nor evaluated by tokens";
    throw engineError(action.failure, { what, hint: this.#engine.trainingHint });
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
