import { canonicalJson, sha256 } from "@litmus/core";
import type {
  AdapterFile,
  Datum,
  ForwardBackwardResult,
  LitmusError,
  LossSpec,
  OptimizerResult,
  OptimizerSettings,
  SavedState,
  SaveRequest,
  Sha256,
  Trainer,
} from "@litmus/core";
import type { RemoteLora, RemoteModel } from "../service/remote-model.ts";
import { StateModels } from "../service/state-models.ts";
import { connectionOf } from "../service/tinker-service.ts";
import type { Connection, TinkerService } from "../service/tinker-service.ts";
import { atPositions, toWireDatum } from "../wire/shift-tokens.ts";
import { checkData } from "./check-data.ts";
import { checkTinkerLora, checkTinkerLoss, checkTinkerOptimizer } from "./check-settings.ts";
import type { UnclippedNorm } from "./check-settings.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { inRequests } from "./request-parts.ts";
import { SideModel } from "./side-model.ts";
import { checkpointName, readAdapter, readState, writeState } from "./state-files.ts";
import type { StateIdentity, TrainingState } from "./state-files.ts";
import { lossOf, surprisals, toSurrogate } from "./surrogate-loss.ts";
import type { PendingDatum } from "./surrogate-loss.ts";
import { checkNorm, inDoubt, isNeverSent } from "./update-doubt.ts";

export interface TinkerTrainerOptions {
  /** Hash of the base model's weights, written into every file. */
  readonly baseSha256: Sha256;
  readonly lora: RemoteLora;
  /** `refuse` by default. */
  readonly unclippedNorm?: UnclippedNorm;
  /** Of one request; 131,072 by default. */
  readonly maxRequestTokens?: number;
}

/**
 * Trains a LoRA adapter on a Tinker server. Entropies are estimates: each token's surprisal.
 * @throws LitmusError `invalid-config` for a rank or seed that cannot be, or what making a model throws
 */
export async function createTinkerTrainer(service: TinkerService, options: TinkerTrainerOptions): Promise<Trainer> {
  checkTinkerLora(options.lora);
  const connection = connectionOf(service);
  const models = new StateModels(connection, options.lora);
  return new TinkerTrainer({ connection, models, model: await models.open(null), options });
}

interface Parts {
  readonly connection: Connection;
  readonly models: StateModels;
  readonly model: RemoteModel;
  readonly options: TinkerTrainerOptions;
}

class TinkerTrainer implements Trainer {
  readonly engine = "tinker";
  readonly #parts: Parts;
  readonly #identity: StateIdentity;
  readonly #calls = new OneAtATime();
  readonly #side: SideModel;
  #model: RemoteModel;
  #state: TrainingState;
  /** The gradient so far. It is sent with the optimiser step: only then are the server's divisors known. */
  #pending: readonly PendingDatum[] = [];
  /** Why the weights on the server may not be those of the state; only another state can be loaded then. */
  #doubt: LitmusError | null = null;

  constructor(parts: Parts) {
    const { connection, models, model, options } = parts;
    this.#parts = parts;
    this.#identity = { baseModel: connection.baseModel, baseSha256: options.baseSha256, rank: options.lora.rank };
    this.#side = new SideModel(models);
    this.#model = model;
    this.#state = { digest: sha256(canonicalJson({ ...this.#identity, seed: options.lora.seed })), updates: 0 };
  }

  forward(data: readonly Datum[], adapter?: AdapterFile | null): Promise<readonly (readonly number[])[]> {
    return this.#calls.run(async () => {
      checkData(data);
      if (adapter === undefined) return this.#logProbs(this.#trusted(), data);
      const state = adapter === null ? null : (await readAdapter(this.#identity, adapter)).state;
      return this.#logProbs(await this.#side.of(state === null ? null : checkpointName(state)), data);
    });
  }

  forwardBackward(data: readonly Datum[], loss: LossSpec): Promise<ForwardBackwardResult> {
    return this.#calls.run(async () => {
      checkTinkerLoss(loss);
      checkData(data);
      const logProbs = await this.#logProbs(this.#trusted(), data);
      const losses = data.map((datum, i) => lossOf(loss, datum, logProbs[i] ?? []));
      const added = data.map((datum, i) => ({
        datum,
        logProbs: logProbs[i] ?? [],
        derivative: [...(losses[i]?.derivative ?? [])],
      }));
      this.#pending = [...this.#pending, ...added];
      const tokens = data.reduce((sum, datum) => sum + datum.positions.length, 0);
      return {
        loss: losses.reduce((sum, one) => sum + one.value, 0),
        logProbs,
        entropies: logProbs.map(surprisals),
        clipFraction: tokens === 0 ? 0 : losses.reduce((sum, one) => sum + one.clipped, 0) / tokens,
      };
    });
  }

  optimizerStep(settings: OptimizerSettings): Promise<OptimizerResult> {
    return this.#calls.run(async () => {
      checkTinkerOptimizer(settings, this.#parts.connection.traits, this.#parts.options.unclippedNorm ?? "refuse");
      const model = this.#trusted();
      const gradientNorm = await this.#update(model, settings);
      const learned = this.#pending.map(({ datum, derivative }) => [datum.tokens, datum.positions, derivative]);
      this.#state = {
        digest: sha256(canonicalJson([this.#state.digest, learned, settings])),
        updates: this.#state.updates + 1,
      };
      this.#pending = [];
      return { gradientNorm, applied: true };
    });
  }

  save(request: SaveRequest): Promise<SavedState> {
    return this.#calls.run(async () => {
      const name = checkpointName(this.#state.digest);
      const model = this.#trusted();
      if (!this.#parts.models.knows(name)) this.#parts.models.remember(name, await model.save(name));
      return writeState(this.#identity, this.#state, request);
    });
  }

  load(saved: SavedState): Promise<void> {
    return this.#calls.run(async () => {
      const state = await readState(this.#identity, saved);
      await this.#exchange(await this.#parts.models.open(checkpointName(state.digest)), state);
    });
  }

  adopt(adapter: AdapterFile): Promise<void> {
    return this.#calls.run(async () => {
      const { state } = await readAdapter(this.#identity, adapter);
      const model = await this.#parts.models.open(checkpointName(state), { withOptimizer: false });
      await this.#exchange(model, { digest: sha256(canonicalJson(["adopted", state])), updates: 0 });
    });
  }

  close(): Promise<void> {
    return this.#calls.run(async () => {
      await this.#side.close();
      await this.#model.discard();
    });
  }

  async #logProbs(model: RemoteModel, data: readonly Datum[]): Promise<number[][]> {
    const found: number[][] = [];
    for (const part of inRequests(data, ({ tokens }) => tokens.length, this.#parts.options.maxRequestTokens)) {
      const all = await model.forward(part.map((datum) => toWireDatum(datum)));
      found.push(...part.map((datum, i) => atPositions(datum, all[i] ?? [])));
    }
    return found;
  }

  /** The gradient is waited for before the step: one that fails must not be followed by a step without it. */
  async #update(model: RemoteModel, settings: OptimizerSettings): Promise<number> {
    const { traits } = this.#parts.connection;
    const clipNorm = traits.clipsGradient && settings.maxGradientNorm !== Infinity ? settings.maxGradientNorm : null;
    const data = toSurrogate(this.#pending, traits.reduction);
    let hasActed = false;
    try {
      for (const part of inRequests(data, ({ inputs }) => inputs.length, this.#parts.options.maxRequestTokens)) {
        await model.forwardBackward(part, "importance_sampling");
        hasActed = true;
      }
      const gradientNorm = await model.optimizerStep(settings, clipNorm);
      hasActed = true;
      checkNorm(gradientNorm, clipNorm === null ? settings.maxGradientNorm : Infinity);
      return gradientNorm;
    } catch (error) {
      if (hasActed || !isNeverSent(error)) this.#doubt = inDoubt(error);
      throw error;
    }
  }

  #trusted(): RemoteModel {
    if (this.#doubt !== null) throw this.#doubt;
    return this.#model;
  }

  async #exchange(model: RemoteModel, state: TrainingState): Promise<void> {
    await this.#model.discard();
    this.#model = model;
    this.#state = state;
    this.#pending = [];
    this.#doubt = null;
  }
}
