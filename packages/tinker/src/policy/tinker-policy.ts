import { EpisodeGate, fail, policyVersion, succeed } from "@litmus/core";
import type {
  AdapterReference,
  Outcome,
  PolicyIdentity,
  PolicyMetrics,
  SampleRequest,
  SampleResult,
  ScoreRequest,
  Sha256,
  Tokenizer,
  TokenPolicy,
} from "@litmus/core";
import type { RemoteLora } from "../service/remote-model.ts";
import { StateModels } from "../service/state-models.ts";
import { connectionOf } from "../service/tinker-service.ts";
import type { Connection, TinkerService } from "../service/tinker-service.ts";
import { checkTinkerLora } from "../trainer/check-settings.ts";
import { checkpointName, readAdapter } from "../trainer/state-files.ts";
import { atPositions, toWireDatum } from "../wire/shift-tokens.ts";
import { checkSampleRequest, checkScoreRequest } from "./check-request.ts";
import { cutAction } from "./cut-action.ts";
import { abortedFailure, closedFailure, outcomeOf } from "./failures.ts";
import { SamplerModel } from "./sampler-model.ts";

export interface TinkerPolicyOptions {
  /** The base model's: the server takes and gives ids. */
  readonly tokenizer: Tokenizer;
  /** Tokens that the base model can see; a server does not say it. */
  readonly contextTokens: number;
  /** Hash of the base model's weights, as in the trainer's files. */
  readonly baseSha256: Sha256;
  /** The trainer's. */
  readonly lora: RemoteLora;
}

type Scores = readonly (readonly number[])[];

/** Servers keep seeds in 31 bits. */
const seeds = 2 ** 31;

/**
 * Samples on a Tinker server, from the base at first.
 * @throws LitmusError when the server cannot hold one more model, or is out of reach
 */
export async function createTinkerPolicy(service: TinkerService, options: TinkerPolicyOptions): Promise<TokenPolicy> {
  checkTinkerLora(options.lora);
  const connection = connectionOf(service);
  const models = new StateModels(connection, options.lora);
  const sampler = await SamplerModel.open(connection, models, null);
  return new TinkerPolicy({ connection, models, sampler, options });
}

interface Parts {
  readonly connection: Connection;
  readonly models: StateModels;
  readonly sampler: SamplerModel;
  readonly options: TinkerPolicyOptions;
}

class TinkerPolicy implements TokenPolicy {
  readonly tokenizer: Tokenizer;
  readonly contextTokens: number;
  readonly #parts: Parts;
  readonly #gate = new EpisodeGate();
  #sampler: SamplerModel;
  #adapter: AdapterReference | null = null;
  #sampledTokens = 0;
  #prefilledTokens = 0;
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#sampler = parts.sampler;
    this.tokenizer = parts.options.tokenizer;
    this.contextTokens = parts.options.contextTokens;
  }

  identity(): PolicyIdentity {
    return {
      engine: "tinker",
      modelSha256: this.#parts.options.baseSha256,
      version: this.#adapter?.version ?? policyVersion(0),
      adapterSha256: this.#adapter?.sha256 ?? null,
    };
  }

  async sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>> {
    const invalid = checkSampleRequest(request, this.#bounds());
    if (invalid !== null) return fail(invalid);
    const outcome = await outcomeOf(() => this.#sample(request, signal), signal);
    if (!outcome.ok && outcome.failure.code === "aborted") this.release(request.episodeId);
    return outcome;
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Outcome<Scores>> {
    const bounds = this.#bounds();
    const invalid = requests.map((request) => checkScoreRequest(request, bounds)).find((failure) => failure !== null);
    if (invalid !== undefined) return fail(invalid);
    return outcomeOf(async () => (this.#isClosed ? fail(closedFailure) : succeed(await this.#score(requests))), signal);
  }

  release(episodeId: string): void {
    this.#gate.leave(episodeId);
  }

  async useAdapter(adapter: AdapterReference | null): Promise<void> {
    await this.#gate.alone(async () => {
      const { connection, models } = this.#parts;
      const name = adapter === null ? null : await this.#checkpointOf(adapter);
      const before = this.#sampler;
      this.#sampler = await SamplerModel.open(connection, models, name);
      this.#adapter = adapter;
      await before.close();
    });
  }

  /** A server's slots are not known: `slotUse` is 1 once anything was sampled. */
  metrics(): PolicyMetrics {
    const [sampledTokens, prefilledTokens] = [this.#sampledTokens, this.#prefilledTokens];
    return { slotUse: sampledTokens === 0 ? 0 : 1, restarts: 0, sampledTokens, prefilledTokens };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#sampler.close();
  }

  async #sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>> {
    if (this.#isClosed) return fail(closedFailure);
    await this.#gate.enter(request.episodeId);
    if (signal?.aborted === true) {
      this.release(request.episodeId);
      return fail(abortedFailure);
    }
    const room = this.contextTokens - request.tokens.length;
    if (room < 1) return succeed(this.#result(request, { tokens: [], logProbs: [], stop: { type: "context-full" } }));
    const { tokens, maxTokens, stopTexts, temperature, seed } = request;
    const askedTokens = Math.min(maxTokens, room);
    const stop = stopTexts.length > 0 ? stopTexts : this.tokenizer.endTokens;
    const drawn = await this.#sampler.draw({ tokens, maxTokens: askedTokens, temperature, seed: seed % seeds, stop });
    const action = cutAction(drawn, this.tokenizer, { stopTexts, maxTokens, askedTokens });
    if (action !== null) return succeed(this.#result(request, action));
    const message = "the server ended an action, and its tokens show no stop: some may be missing";
    return fail({ boundary: "policy", code: "server-stop-unexplained", message, retryable: false });
  }

  /** Servers do not say what they found in a cache: the whole context counts as evaluated. */
  #result(request: SampleRequest, action: Pick<SampleResult, "tokens" | "logProbs" | "stop">): SampleResult {
    const sampledTokens = action.tokens.length;
    const prefilledTokens = request.tokens.length;
    this.#sampledTokens += sampledTokens;
    this.#prefilledTokens += prefilledTokens;
    return { ...action, policy: this.identity(), usage: { prefilledTokens, cachedTokens: 0, sampledTokens } };
  }

  async #score(requests: readonly ScoreRequest[]): Promise<Scores> {
    const asked = requests.filter(({ positions }) => positions.length > 0);
    const scores = asked.length === 0 ? [] : await this.#sampler.score(asked.map((request) => toWireDatum(request)));
    const found = new Map(asked.map((request, i) => [request, atPositions(request, scores[i] ?? [])]));
    return requests.map((request) => found.get(request) ?? []);
  }

  async #checkpointOf(adapter: AdapterReference): Promise<string> {
    const { connection, options } = this.#parts;
    const identity = { baseModel: connection.baseModel, baseSha256: options.baseSha256, rank: options.lora.rank };
    const file = { adapterPath: adapter.path, adapterSha256: adapter.sha256 };
    return checkpointName((await readAdapter(identity, file)).state);
  }

  #bounds(): { vocabularySize: number; contextTokens: number } {
    return { vocabularySize: this.tokenizer.vocabularySize, contextTokens: this.contextTokens };
  }
}
