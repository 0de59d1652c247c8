import { EpisodeGate, fail, policyVersion } from "@litmus/core";
import type {
  AdapterReference,
  Outcome,
  PolicyIdentity,
  PolicyMetrics,
  SampleRequest,
  SampleResult,
  ScoreRequest,
  Tokenizer,
  TokenPolicy,
} from "@litmus/core";
import { AdapterCheck } from "./adapter-check.ts";
import { checkModelHash, refuseMissingModel } from "./check-model-file.ts";
import { resolveLlamaCppOptions } from "./llama-cpp-options.ts";
import type { LlamaCppOptions, ResolvedLlamaCppOptions } from "./llama-cpp-options.ts";
import { loadLlamaTokenizer } from "./llama-tokenizer.ts";
import type { LoadedTokenizer } from "./llama-tokenizer.ts";
import { refuseTooLarge } from "./memory-check.ts";
import { ModelSupervisor } from "./model-supervisor.ts";
import { checkSampleRequest, checkScoreRequest } from "./sample-request-check.ts";
import type { Scores } from "./score-work.ts";
import { abortedFailure, unlessAborted } from "./unless-aborted.ts";

/** A {@link TokenPolicy} whose model runs in a process of its own. */
export interface LlamaCppPolicy extends TokenPolicy {
  /** Of the model's process; changes when it is started again. */
  readonly pid: number;
}

/**
 * A GGUF model, sampled by llama.cpp on the CPU in a child process. Run at most `slots` episodes at once: an episode
 * keeps its slot from its first sample until its release, and further episodes wait for one, first come, first served.
 * @throws LitmusError `invalid-config`; `not-found`, `corrupt-file`, `incompatible` or `unavailable` for the model file
 */
export async function createLlamaCppPolicy(options: LlamaCppOptions): Promise<LlamaCppPolicy> {
  const resolved = resolveLlamaCppOptions(options);
  await refuseMissingModel(resolved.modelPath);
  const sequences = resolved.slots + resolved.keptPrefixes + 1;
  await refuseTooLarge(resolved.modelPath, { ...resolved, sequences });
  const parts = await Promise.allSettled([
    ModelSupervisor.start(resolved),
    loadLlamaTokenizer(resolved.modelPath),
    checkModelHash(options),
  ]);
  const [supervisor, tokenizer, hash] = parts;
  if (supervisor.status === "fulfilled" && tokenizer.status === "fulfilled" && hash.status === "fulfilled") {
    return new SupervisedPolicy({ options, resolved, supervisor: supervisor.value, vocabulary: tokenizer.value });
  }
  if (supervisor.status === "fulfilled") await supervisor.value.close();
  if (tokenizer.status === "fulfilled") await tokenizer.value.dispose();
  const failed = [hash, tokenizer, supervisor].find((part) => part.status === "rejected");
  throw failed?.reason;
}

interface PolicyParts {
  readonly options: LlamaCppOptions;
  readonly resolved: ResolvedLlamaCppOptions;
  readonly supervisor: ModelSupervisor;
  readonly vocabulary: LoadedTokenizer;
}

class SupervisedPolicy implements LlamaCppPolicy {
  readonly contextTokens: number;
  readonly #parts: PolicyParts;
  readonly #gate = new EpisodeGate();
  readonly #adapters: AdapterCheck;
  #adapter: AdapterReference | null = null;
  #scores = 0;

  constructor(parts: PolicyParts) {
    this.#parts = parts;
    this.contextTokens = parts.resolved.contextTokens;
    this.#adapters = new AdapterCheck([parts.options.modelSha256, ...parts.resolved.acceptedBaseSha256]);
  }

  get tokenizer(): Tokenizer {
    return this.#parts.vocabulary.tokenizer;
  }

  get pid(): number {
    return this.#parts.supervisor.pid;
  }

  identity(): PolicyIdentity {
    return {
      engine: "node-llama-cpp",
      modelSha256: this.#parts.options.modelSha256,
      version: this.#adapter?.version ?? policyVersion(0),
      adapterSha256: this.#adapter?.sha256 ?? null,
    };
  }

  async sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>> {
    const invalid = checkSampleRequest(request, this.#bounds());
    if (invalid !== null) return fail(invalid);
    const outcome = await unlessAborted(this.#sample(request, signal), signal);
    if (!outcome.ok && outcome.failure.code === "aborted") this.release(request.episodeId);
    return outcome;
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Outcome<Scores>> {
    const bounds = this.#bounds();
    const invalid = requests.map((request) => checkScoreRequest(request, bounds)).find((failure) => failure !== null);
    if (invalid !== undefined) return fail(invalid);
    return unlessAborted(this.#score(requests, signal), signal);
  }

  release(episodeId: string): void {
    this.#parts.supervisor.release(episodeId);
    this.#gate.leave(episodeId);
  }

  async useAdapter(adapter: AdapterReference | null): Promise<void> {
    await this.#gate.alone(async () => {
      if (adapter !== null) await this.#adapters.check(adapter);
      await this.#parts.supervisor.useAdapter(adapter?.path ?? null);
      this.#adapter = adapter;
    });
  }

  metrics(): PolicyMetrics {
    const { restarts, counters } = this.#parts.supervisor;
    const offered = counters.ticks * this.#parts.resolved.slots;
    return {
      slotUse: offered === 0 ? 0 : counters.busySlots / offered,
      restarts,
      sampledTokens: counters.sampledTokens,
      prefilledTokens: counters.prefilledTokens,
    };
  }

  async close(): Promise<void> {
    await this.#parts.supervisor.close();
    await this.#parts.vocabulary.dispose();
  }

  async #sample(request: SampleRequest, signal?: AbortSignal): Promise<Outcome<SampleResult>> {
    if (!(await this.#gate.enter(request.episodeId, signal))) return fail(abortedFailure);
    const running = await this.#parts.supervisor.running();
    if (!running.ok || signal?.aborted === true) return running.ok ? fail(abortedFailure) : running;
    const policy = this.identity();
    const outcome = await running.value.sample(request);
    if (!outcome.ok) return outcome;
    this.#parts.supervisor.noteSuccess();
    return { ok: true, value: { ...outcome.value, policy } };
  }

  async #score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Outcome<Scores>> {
    const id = `score ${this.#scores++}`;
    if (!(await this.#gate.enter(id, signal))) return fail(abortedFailure);
    try {
      const running = await this.#parts.supervisor.running();
      if (!running.ok) return running;
      return await running.value.score(requests, signal);
    } finally {
      this.#gate.leave(id);
    }
  }

  #bounds(): { vocabularySize: number; contextTokens: number } {
    return { vocabularySize: this.tokenizer.vocabularySize, contextTokens: this.contextTokens };
  }
}
