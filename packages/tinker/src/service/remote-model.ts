import { LitmusError } from "@litmus/core";
import type { OptimizerSettings } from "@litmus/core";
import { z } from "zod";
import { LostReply } from "../http/lost-reply.ts";
import { StatusError } from "../http/status-error.ts";
import type { WireDatum, WireLoss } from "../wire/model-pass.ts";
import { checkFit } from "./check-fit.ts";
import { findInModel } from "./checkpoints.ts";
import type { Connection, Repeat } from "./tinker-service.ts";

/** The form of an adapter. Alpha is fixed at 32 by the API, so an adapter is scaled by 32 / rank. */
export interface RemoteLora {
  readonly rank: number;
  readonly seed: number;
}

/** A training checkpoint on the server. */
export interface Checkpoint {
  readonly path: string;
  /** False = the moments begin anew. */
  readonly withOptimizer: boolean;
}

/** What an optimiser step needs to know; the bound of the norm is passed apart. */
type AdamSettings = Omit<OptimizerSettings, "maxGradientNorm">;

/**
 * On a server that always loads the moments, a step without gradient that forgets them and moves nothing. Departs from a
 * fresh optimiser in one point: the count of steps in Adam's bias correction goes on.
 */
const clearMoments: AdamSettings = { learningRate: 0, beta1: 0, beta2: 0, epsilon: 1, weightDecay: 0 };

const created = z.object({ model_id: z.string(), request_id: z.string() });
const stepped = z.object({ metrics: z.record(z.string(), z.number()) });
const saved = z.object({ path: z.string() });
const published = z.object({ sampling_session_id: z.string() });
const anything = z.unknown();

/** Loading is no call that can be repeated: after a lost reply a fresh model takes the place. */
const openings = 3;
/** A name that is taken and not yet listed is being written. */
const savings = 5;
const pauseMs = 2000;

/** One model of the session: a base with an adapter of its own. Calls are made one after the other. */
export class RemoteModel {
  readonly id: string;
  readonly #connection: Connection;
  #sequence = 0;

  private constructor(connection: Connection, id: string) {
    this.#connection = connection;
    this.id = id;
  }

  /**
   * A fresh model (it equals the base), or one with the state of a checkpoint.
   * @throws LitmusError when the server refuses the base or the rank, or does not have the checkpoint
   */
  static async open(connection: Connection, lora: RemoteLora, from: Checkpoint | null): Promise<RemoteModel> {
    for (let attempt = 1; ; attempt++) {
      const model = await RemoteModel.#create(connection, lora);
      try {
        if (from !== null) await model.#load(from);
        return model;
      } catch (error) {
        await model.discard();
        if (!(error instanceof LostReply) || attempt === openings) throw error;
      }
    }
  }

  static async #create(connection: Connection, { rank, seed }: RemoteLora): Promise<RemoteModel> {
    const body = {
      session_id: connection.sessionId,
      base_model: connection.baseModel,
      lora_config: { rank, seed },
      model_role: "policy",
    };
    // A model made twice is one that nobody uses; it ends with the session.
    const { model_id: id, request_id: requestId } = await connection.ask("/create_model", body, created, "safe");
    await connection.retrieve(requestId, connection.codec.accept);
    return new RemoteModel(connection, id);
  }

  async #load({ path, withOptimizer }: Checkpoint): Promise<void> {
    const canLeaveOut = this.#connection.traits.loadsWithoutOptimizer;
    const optimizer = withOptimizer || !canLeaveOut;
    const body = { model_id: this.id, path, optimizer, seq_id: this.#next() };
    await this.#connection.work("/load_weights", body, anything, "never");
    if (!withOptimizer && !canLeaveOut) await this.optimizerStep(clearMoments, null);
  }

  /** Log-probabilities in nats of every target. @throws LitmusError `invalid-data` when they do not fit the data or are not finite */
  async forward(data: readonly WireDatum[]): Promise<readonly (readonly number[])[]> {
    return this.#pass(data, { loss: "cross_entropy", forwardOnly: true, repeat: "safe" });
  }

  /** Adds to the gradient on the server. */
  async forwardBackward(data: readonly WireDatum[], loss: WireLoss): Promise<void> {
    await this.#pass(data, { loss, forwardOnly: false, repeat: this.#repeatBySequence });
  }

  /** One optimiser step. @returns the L2 norm of the gradient before clipping */
  async optimizerStep(settings: AdamSettings, clipNorm: number | null): Promise<number> {
    const adam = {
      learning_rate: settings.learningRate,
      beta1: settings.beta1,
      beta2: settings.beta2,
      eps: settings.epsilon,
      weight_decay: settings.weightDecay,
      ...(clipNorm === null ? {} : { grad_clip_norm: clipNorm }),
    };
    const body = { model_id: this.id, seq_id: this.#next(), adam_params: adam };
    const { metrics } = await this.#connection.work("/optim_step", body, stepped, this.#repeatBySequence);
    const norm = Object.entries(metrics).find(([name]) => /(^|\/)grad_norm$/.test(name))?.[1];
    if (norm !== undefined) return norm;
    throw new LitmusError("incompatible", "the server's optim_step reports no grad_norm", {
      hint: `it reports: ${Object.keys(metrics).join(", ") || "nothing"}`,
    });
  }

  /**
   * Saves weights and optimiser under a name that stands for this very state, so that it is saved once.
   * Saving again is no safe call: where the reply is lost or the name taken, the server's list is asked.
   * @returns the checkpoint's path
   */
  async save(name: string): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#connection.work("/save_weights", { model_id: this.id, path: name }, saved, "never")).path;
      } catch (error) {
        if (!isUndecided(error)) throw error;
        const found = await findInModel(this.#connection.http, this.id, name);
        if (found !== null) return found;
        if (attempt === savings) throw error;
        await this.#connection.time.sleep(pauseMs);
      }
    }
  }

  /**
   * Makes the weights sampleable. No path is sent: with one, and a session number, nothing would be persisted.
   * After a lost reply they are published under the next number: the weights are the same.
   * @returns a sampling session
   */
  async publish(): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const body = { model_id: this.id, sampling_session_seq_id: attempt, seq_id: this.#next() };
      try {
        const result = await this.#connection.work("/save_weights_for_sampler", body, published, "never");
        return result.sampling_session_id;
      } catch (error) {
        if (!isUndecided(error) || attempt === savings) throw error;
      }
    }
  }

  /** Frees the server's memory. What fails here ends with the session, so nothing is lost by going on. */
  async discard(): Promise<void> {
    await this.#connection.work("/unload_model", { model_id: this.id }, anything, "never").catch((error: unknown) => {
      if (!LitmusError.isInstance(error)) throw error;
    });
  }

  async #pass(
    data: readonly WireDatum[],
    { loss, forwardOnly, repeat }: { loss: WireLoss; forwardOnly: boolean; repeat: Repeat },
  ): Promise<readonly (readonly number[])[]> {
    const { codec } = this.#connection;
    const pass = { modelId: this.id, sequence: this.#next(), loss, data, forwardOnly };
    const { logProbs } = codec.decodePass(await this.#connection.compute(codec.encodePass(pass), repeat));
    checkFit(data, logProbs);
    return logProbs;
  }

  /** The protobuf form answers a repeated number with the first result; the JSON form would compute it again. */
  get #repeatBySequence(): Repeat {
    return this.#connection.form === "protobuf" ? "safe" : "never";
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }
}

function isUndecided(error: unknown): boolean {
  return error instanceof LostReply || (error instanceof StatusError && error.status === 409);
}
