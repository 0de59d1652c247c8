/** @file What the fake server knows, and which of it a restart forgets. */
import type { Tokenizer } from "@litmus/core";
import type { ServerName, ServerTraits } from "../service/server-traits.ts";
import { traitsOf } from "../service/server-traits.ts";
import type { WireForm } from "../wire/codec.ts";
import type { FakeModel } from "./fake-model.ts";
import type { FakeState } from "./fake-optimizer.ts";
import type { FakeResult } from "./fake-wire.ts";
import { Refusal } from "./refusal.ts";
import { TinyPolicy } from "./tiny-policy.ts";

export interface FakeServerOptions {
  /** `tiny` by default; another name has other weights. */
  readonly baseModel?: string;
  /** `json` (skyrl 0.3) by default. */
  readonly form?: WireForm;
  /** `skyrl` by default. */
  readonly server?: ServerName;
  /** Also for stop texts. */
  readonly tokenizer: Pick<Tokenizer, "vocabularySize" | "decode">;
  /** 32 by default: a higher one is refused when the result is fetched. */
  readonly maxRank?: number;
  /** 32 by default: models held at once. */
  readonly maxModels?: number;
  /** 0 by default: how far the log-probabilities of samples are off. */
  readonly samplerShiftNats?: number;
}

/** A result, or the reason why there is none. */
export type Future = { readonly result: FakeResult } | { readonly failure: Refusal };

const sessionTimeoutMs = 300_000;

export class ServerState {
  readonly options: Required<FakeServerOptions>;
  readonly traits: ServerTraits;
  readonly policy: TinyPolicy;
  /** On disk: survives a restart. Key: path of a training checkpoint. */
  readonly checkpoints = new Map<string, FakeState>();
  /** Every model that ever was, as the database keeps it. */
  readonly trainingRuns: string[] = [];
  models = new Map<string, FakeModel>();
  /** Last sign of life, in milliseconds. */
  sessions = new Map<string, number>();
  /** Weights of a publish. */
  samplingSessions = new Map<string, { readonly modelId: string; readonly state: FakeState }>();
  futures = new Map<string, Future>();
  nowMs = 0;
  #count = 0;

  constructor(options: FakeServerOptions) {
    this.options = {
      baseModel: "tiny",
      form: "json",
      server: "skyrl",
      maxRank: 32,
      maxModels: 32,
      samplerShiftNats: 0,
      ...options,
    };
    this.traits = traitsOf(this.options.server);
    this.policy = new TinyPolicy(this.options.baseModel, options.tokenizer.vocabularySize);
  }

  /** Forgets all but what is on disk. */
  restart(): void {
    this.models = new Map();
    this.sessions = new Map();
    this.samplingSessions = new Map();
    this.futures = new Map();
  }

  id(kind: string): string {
    this.#count += 1;
    return `${kind}_${this.#count.toString(16).padStart(8, "0")}`;
  }

  /** Sessions without a heartbeat take their models with them. */
  expireSessions(): void {
    for (const [id, lastMs] of this.sessions) {
      if (this.nowMs - lastMs < sessionTimeoutMs) continue;
      this.sessions.delete(id);
      for (const model of this.models.values()) if (model.sessionId === id) this.models.delete(model.id);
    }
  }

  /** @throws Refusal 404 */
  model(id: string): FakeModel {
    const model = this.models.get(id);
    if (model === undefined) throw new Refusal(404, "Model not found");
    return model;
  }

  /** Carries a call out at once, in the order of arrival; its result, or why it failed, is fetched later. */
  submit(call: () => FakeResult): string {
    this.#count += 1;
    const requestId = String(this.#count);
    try {
      this.futures.set(requestId, { result: call() });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.futures.set(requestId, { failure: error });
    }
    return requestId;
  }
}
