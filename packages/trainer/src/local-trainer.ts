import { LitmusError } from "@litmus/core";
import type {
  AdapterFile,
  Datum,
  ForwardBackwardResult,
  LossSpec,
  OptimizerResult,
  OptimizerSettings,
  SavedState,
  SaveRequest,
  Sha256,
  Trainer,
} from "@litmus/core";
import { tokenLoss } from "@litmus/algorithms";
import type { TokenLossInput } from "@litmus/algorithms";
import { adapterLayout, initialAdapter } from "./adapter/adapter-parameters.ts";
import type { LoraSettings } from "./adapter/adapter-parameters.ts";
import { adamwStep } from "./adamw.ts";
import type { TrainingState } from "./adamw.ts";
import { checkData } from "./check-data.ts";
import { loadModelWeights } from "./engine/model-weights.ts";
import { PolicyModel } from "./engine/policy-model.ts";
import type { Answer, AnsweredSpan } from "./engine/policy-model.ts";
import { readAdapter, readState, writeState } from "./state-files.ts";
import type { StateIdentity } from "./state-files.ts";

export interface LocalTrainerOptions {
  /** A Gemma 3 text model as GGUF; the file that the sampler uses, so that both have the same weights. */
  readonly modelPath: string;
  /** Hash of that file's origin, written into every adapter. */
  readonly baseSha256: Sha256;
  readonly lora: LoraSettings;
  /** Threads of a matrix product. */
  readonly threads: number;
  /** Lengths of rows, at most three, ascending; a longer sequence is refused. */
  readonly lengths: readonly number[];
}

const maxLengths = 3;

/** Trains a LoRA adapter on the CPU, in this process. @throws LitmusError `invalid-config`, or what reading the model throws */
export async function createLocalTrainer(options: LocalTrainerOptions): Promise<Trainer> {
  checkOptions(options);
  const weights = await loadModelWeights(options.modelPath);
  const { matrices, size } = adapterLayout(weights.config, options.lora);
  const state: TrainingState = {
    parameters: initialAdapter({ matrices, size }, options.lora.seed),
    firstMoment: new Float32Array(size),
    secondMoment: new Float32Array(size),
    updates: 0,
  };
  const { lora, lengths } = options;
  const session = { threads: options.threads };
  const model = await PolicyModel.compile({ weights, lora, matrices, parameters: state.parameters, lengths, session });
  const identity = { baseSha256: options.baseSha256, lora, matrices };
  return new LocalTrainer({
    model,
    state,
    identity,
    limits: { vocabularySize: weights.config.vocabularySize, maxTokens: lengths.at(-1) as number },
  });
}

function checkOptions(options: LocalTrainerOptions): void {
  const { lengths, lora, threads } = options;
  const isAscending = lengths.every((length, i) => Number.isInteger(length) && length > (lengths[i - 1] ?? 0));
  if (lengths.length === 0 || lengths.length > maxLengths || !isAscending) {
    throw new LitmusError(
      "invalid-config",
      `the trainer takes one to ${maxLengths} ascending lengths, not [${lengths.join(", ")}]`,
      { path: "lengths" },
    );
  }
  if (!Number.isInteger(lora.rank) || lora.rank < 1)
    throw new LitmusError("invalid-config", `the rank is ${lora.rank}`, { path: "lora.rank" });
  if (!(lora.alpha > 0 && Number.isFinite(lora.alpha)))
    throw new LitmusError("invalid-config", `alpha is ${lora.alpha}`, { path: "lora.alpha" });
  if (lora.targets.length === 0 || new Set(lora.targets).size < lora.targets.length) {
    throw new LitmusError("invalid-config", "the adapter needs targets, each once", { path: "lora.targets" });
  }
  if (!Number.isInteger(threads) || threads < 1)
    throw new LitmusError("invalid-config", `the trainer has ${threads} threads`, { path: "threads" });
}

interface Parts {
  readonly model: PolicyModel;
  readonly state: TrainingState;
  readonly identity: StateIdentity;
  readonly limits: { readonly vocabularySize: number; readonly maxTokens: number };
}

class LocalTrainer implements Trainer {
  readonly engine = "local";
  readonly #model: PolicyModel;
  readonly #state: TrainingState;
  readonly #identity: StateIdentity;
  readonly #limits: Parts["limits"];
  readonly #gradient: Float32Array;
  /** The latest call: the model's buffers serve one at a time. */
  #latest: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.#model = parts.model;
    this.#state = parts.state;
    this.#identity = parts.identity;
    this.#limits = parts.limits;
    this.#gradient = new Float32Array(parts.state.parameters.length);
  }

  forward(data: readonly Datum[], adapter?: AdapterFile | null): Promise<readonly (readonly number[])[]> {
    return this.#oneAtATime(async () => {
      checkData(data, this.#limits);
      const evaluate = (): Promise<Answer[]> => this.#model.evaluate(data);
      const answers = await (adapter === undefined ? evaluate() : this.#withAdapter(adapter, evaluate));
      return answers.map((answer) => [...answer.logProbs]);
    });
  }

  forwardBackward(data: readonly Datum[], loss: LossSpec): Promise<ForwardBackwardResult> {
    return this.#oneAtATime(() => this.#forwardBackward(data, loss));
  }

  optimizerStep(settings: OptimizerSettings): Promise<OptimizerResult> {
    return this.#oneAtATime(async () => {
      const result = adamwStep(this.#state, this.#gradient, settings);
      this.#gradient.fill(0);
      return result;
    });
  }

  save(request: SaveRequest): Promise<SavedState> {
    return this.#oneAtATime(() => writeState(this.#identity, this.#state, request));
  }

  load(saved: SavedState): Promise<void> {
    return this.#oneAtATime(async () => {
      const state = await readState(this.#identity, saved);
      this.#state.parameters.set(state.parameters);
      this.#state.firstMoment.set(state.firstMoment);
      this.#state.secondMoment.set(state.secondMoment);
      this.#state.updates = state.updates;
      this.#gradient.fill(0);
    });
  }

  adopt(adapter: AdapterFile): Promise<void> {
    return this.#oneAtATime(async () => {
      this.#state.parameters.set(await readAdapter(this.#identity, adapter));
      this.#state.firstMoment.fill(0);
      this.#state.secondMoment.fill(0);
      this.#state.updates = 0;
      this.#gradient.fill(0);
    });
  }

  close(): Promise<void> {
    return this.#oneAtATime(() => this.#model.dispose());
  }

  async #forwardBackward(data: readonly Datum[], loss: LossSpec): Promise<ForwardBackwardResult> {
    checkData(data, this.#limits);
    let total = 0;
    let clipped = 0;
    // Added to the gradient only when all of it is there, so that a failure leaves no half of it behind.
    const added = new Float32Array(this.#gradient.length);
    const answers = await this.#model.differentiate(
      data,
      {
        hasEntropies: loss.type !== "cross_entropy" && loss.entropyBonus !== 0,
        derivatives: (span) => {
          const part = tokenLoss(loss, lossInput(data[span.query] as Datum, span));
          total += part.value;
          clipped += part.clipped;
          return { logProbs: part.derivative, entropies: part.entropyDerivative };
        },
      },
      added,
    );
    for (let i = 0; i < added.length; i++) this.#gradient[i] = (this.#gradient[i] as number) + (added[i] as number);
    const tokens = data.reduce((sum, datum) => sum + datum.positions.length, 0);
    return {
      loss: total,
      logProbs: answers.map((answer) => [...answer.logProbs]),
      entropies: answers.map((answer) => [...answer.entropies]),
      clipFraction: tokens === 0 ? 0 : clipped / tokens,
    };
  }

  /** The parameters are the model's inputs: they are exchanged for the time of the call. */
  async #withAdapter<T>(adapter: AdapterFile | null, call: () => Promise<T>): Promise<T> {
    const { parameters } = this.#state;
    const other = adapter === null ? new Float32Array(parameters.length) : await readAdapter(this.#identity, adapter);
    const own = parameters.slice();
    parameters.set(other);
    try {
      return await call();
    } finally {
      parameters.set(own);
    }
  }

  #oneAtATime<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#latest.then(call, call);
    this.#latest = result.catch(() => undefined);
    return result;
  }
}

/** The loss's view of some consecutive policy tokens of a datum. */
function lossInput(datum: Datum, { first, logProbs, entropies }: AnsweredSpan): TokenLossInput {
  const part = (values: readonly number[]): readonly number[] => values.slice(first, first + logProbs.length);
  const partIfAny = (values: readonly number[] | null): readonly number[] | null =>
    values === null ? null : part(values);
  return {
    logProbs,
    entropies,
    oldLogProbs: partIfAny(datum.oldLogProbs),
    behaviourLogProbs: partIfAny(datum.behaviourLogProbs),
    referenceLogProbs: partIfAny(datum.referenceLogProbs),
    advantages: part(datum.advantages),
    weights: part(datum.weights),
  };
}
