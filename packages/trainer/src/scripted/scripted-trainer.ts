/** @file A trainer without a model: every result is a hash of what it was given, so that whole runs can be compared byte by byte. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably, canonicalJson, deriveSeed, LitmusError, sha256, toLitmusError } from "@litmus/core";
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
import { checkData } from "../check-data.ts";
import { versionName } from "../state-files.ts";

export interface ScriptedTrainerOptions {
  /** Written into every file, and checked on load. The scripted policy's by default. */
  readonly baseSha256?: Sha256;
}

/** All that a scripted trainer knows. */
interface ScriptedState {
  readonly baseSha256: Sha256;
  /** Of everything learned so far. */
  readonly digest: Sha256;
  /** Optimiser steps that the weights have seen. */
  readonly learned: number;
  /** Optimiser steps since its state began. */
  readonly updates: number;
}

const noGradient = sha256("no gradient");

/** A deterministic trainer that learns nothing but remembers everything. */
export function createScriptedTrainer(options: ScriptedTrainerOptions): Trainer {
  const baseSha256 = options.baseSha256 ?? sha256("scripted");
  return new ScriptedTrainer({ baseSha256, digest: sha256("untrained"), learned: 0, updates: 0 });
}

class ScriptedTrainer implements Trainer {
  readonly engine = "scripted";
  #state: ScriptedState;
  /** Of the data and losses since the last step. */
  #gradient: Sha256 = noGradient;

  constructor(state: ScriptedState) {
    this.#state = state;
  }

  async forward(data: readonly Datum[], adapter?: AdapterFile | null): Promise<readonly (readonly number[])[]> {
    checkData(data, { vocabularySize: null, maxTokens: null });
    const learned = await this.#learnedBy(adapter);
    return data.map((datum) => logProbsOf(datum, learned));
  }

  async forwardBackward(data: readonly Datum[], loss: LossSpec): Promise<ForwardBackwardResult> {
    const logProbs = await this.forward(data);
    const entropies = logProbs.map((one) => one.map((logProb) => Math.min(-logProb, 1)));
    const losses = data.map((datum, i) =>
      tokenLoss(loss, { ...datum, logProbs: logProbs[i] ?? [], entropies: entropies[i] ?? [] }),
    );
    this.#gradient = sha256(canonicalJson([this.#gradient, data, loss]));
    const tokens = data.reduce((sum, datum) => sum + datum.positions.length, 0);
    const clipped = losses.reduce((sum, one) => sum + one.clipped, 0);
    return {
      loss: losses.reduce((sum, one) => sum + one.value, 0),
      logProbs,
      entropies,
      clipFraction: tokens === 0 ? 0 : clipped / tokens,
    };
  }

  async optimizerStep(settings: OptimizerSettings): Promise<OptimizerResult> {
    const { digest, learned, updates } = this.#state;
    const gradientNorm = this.#gradient === noGradient ? 0 : deriveSeed(this.#gradient) / 2 ** 32;
    this.#state = {
      ...this.#state,
      digest: sha256(canonicalJson([digest, this.#gradient, settings])),
      learned: learned + 1,
      updates: updates + 1,
    };
    this.#gradient = noGradient;
    return { gradientNorm, applied: true };
  }

  async save(request: SaveRequest): Promise<SavedState> {
    const { version, parentSha256 } = request;
    const adapterPath = join(request.directory, `adapter-${versionName(version)}.json`);
    const optimizerPath = join(request.directory, `optimizer-${versionName(version)}.json`);
    const { baseSha256, digest, learned, updates } = this.#state;
    const adapterSha256 = await writeDurably(
      adapterPath,
      canonicalJson({ baseSha256, digest, learned, parentSha256, version }),
    );
    const optimizerSha256 = await writeDurably(optimizerPath, canonicalJson({ adapterSha256, updates }));
    return { version, adapterPath, adapterSha256, optimizerPath, optimizerSha256, updates };
  }

  async load(saved: SavedState): Promise<void> {
    const adapter = await this.#readAdapter(saved);
    const optimizer = await readChecked(saved.optimizerPath, saved.optimizerSha256);
    if (optimizer["adapterSha256"] !== saved.adapterSha256) throw foreign(saved, "optimiser state");
    this.#state = { ...weightsOf(this.#state, adapter), updates: Number(optimizer["updates"]) };
    this.#gradient = noGradient;
  }

  async adopt(file: AdapterFile): Promise<void> {
    this.#state = { ...weightsOf(this.#state, await this.#readAdapter(file)), updates: 0 };
    this.#gradient = noGradient;
  }

  async close(): Promise<void> {}

  async #learnedBy(adapter: AdapterFile | null | undefined): Promise<number> {
    if (adapter === undefined) return this.#state.learned;
    return adapter === null ? 0 : Number((await this.#readAdapter(adapter))["learned"]);
  }

  async #readAdapter(file: AdapterFile): Promise<Readonly<Record<string, unknown>>> {
    const adapter = await readChecked(file.adapterPath, file.adapterSha256);
    if (adapter["baseSha256"] !== this.#state.baseSha256) throw foreign(file, "base");
    return adapter;
  }
}

function weightsOf(state: ScriptedState, adapter: Readonly<Record<string, unknown>>): ScriptedState {
  return { ...state, digest: adapter["digest"] as Sha256, learned: Number(adapter["learned"]) };
}

function foreign({ adapterPath }: AdapterFile, what: string): LitmusError {
  return new LitmusError("incompatible", `${adapterPath} belongs to another ${what}`, { path: adapterPath });
}

/** The sampler's own where they are known; else some negative numbers that shrink with every update, so that a loss falls. */
function logProbsOf(datum: Datum, learned: number): readonly number[] {
  if (datum.behaviourLogProbs !== null) return datum.behaviourLogProbs;
  return datum.positions.map((position) => {
    const seed = deriveSeed("scripted", datum.tokens[position - 1] ?? 0, datum.tokens[position] ?? 0);
    return -(0.05 + (4 * seed) / 2 ** 32) * 0.9 ** learned;
  });
}

async function readChecked(path: string, expected: Sha256): Promise<Readonly<Record<string, unknown>>> {
  const content = await readFile(path, "utf8").catch((error: unknown) => {
    throw toLitmusError(error);
  });
  const found = sha256(content);
  if (found !== expected)
    throw new LitmusError("corrupt-file", `${path} has the hash ${found}, not ${expected}`, { path });
  return JSON.parse(content) as Readonly<Record<string, unknown>>;
}
