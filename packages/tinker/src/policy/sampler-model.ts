/**
 * @file A model on the server that is sampled and scored, and never trained. Servers load what is sampled into the model's
 * training slot (skyrl on JAX), or sample the latest push whatever was asked for (FSDP, Megatron): the trainer's own model
 * is therefore never published, and every version gets a model of its own.
 */
import { LitmusError } from "@litmus/core";
import type { RemoteModel } from "../service/remote-model.ts";
import type { StateModels } from "../service/state-models.ts";
import type { Connection } from "../service/tinker-service.ts";
import { jsonType } from "../wire/codec.ts";
import type { SampledSequence, WireDatum } from "../wire/model-pass.ts";

export interface DrawRequest {
  readonly tokens: readonly number[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
  /** All texts or all ids, as the API wants. */
  readonly stop: readonly string[] | readonly number[];
}

export class SamplerModel {
  readonly #connection: Connection;
  readonly #model: RemoteModel;
  readonly #samplingSession: string;
  #draws = 0;

  private constructor(connection: Connection, model: RemoteModel, samplingSession: string) {
    this.#connection = connection;
    this.#model = model;
    this.#samplingSession = samplingSession;
  }

  /** @param name of a checkpoint; null = the base. @throws LitmusError when the server lacks it or cannot hold another model */
  static async open(connection: Connection, models: StateModels, name: string | null): Promise<SamplerModel> {
    const model = await models.open(name);
    try {
      return new SamplerModel(connection, model, await model.publish());
    } catch (error) {
      await model.discard();
      throw error;
    }
  }

  /** One action. Never sent twice: a repeat samples twice. @throws LostReply, StatusError, LitmusError `invalid-data` */
  async draw({ tokens, maxTokens, temperature, seed, stop }: DrawRequest): Promise<SampledSequence> {
    this.#draws += 1;
    const body = {
      num_samples: 1,
      prompt: { chunks: [{ type: "encoded_text", tokens }] },
      sampling_params: { max_tokens: maxTokens, temperature, top_k: -1, top_p: 1, seed, stop },
      sampling_session_id: this.#samplingSession,
      seq_id: this.#draws,
      prompt_logprobs: false,
      topk_prompt_logprobs: 0,
      type: "sample",
    };
    const encoded = { path: "/asample", contentType: jsonType, body: JSON.stringify(body) };
    const sequences = this.#connection.codec.decodeSample(await this.#connection.compute(encoded, "never"));
    const [sequence] = sequences;
    if (sequence === undefined || sequences.length > 1) throw invalid(`${sequences.length} sequences instead of one`);
    return checked(sequence);
  }

  score(data: readonly WireDatum[]): Promise<readonly (readonly number[])[]> {
    return this.#model.forward(data);
  }

  close(): Promise<void> {
    return this.#model.discard();
  }
}

function checked(sequence: SampledSequence): SampledSequence {
  const { tokens, logProbs } = sequence;
  if (tokens.length !== logProbs.length)
    throw invalid(`${logProbs.length} log-probabilities for ${tokens.length} tokens`);
  const broken = logProbs.find((value) => !Number.isFinite(value));
  if (broken !== undefined) throw invalid(`a log-probability of ${broken}`);
  return sequence;
}

const invalid = (what: string): LitmusError => new LitmusError("invalid-data", `the server sampled ${what}`);
