/** @file A trainer without a model: every result is a hash of what it was given, so that whole runs can be compared byte by byte. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, deriveSeed, LitmusError, sha256, toLitmusError } from "@litmus/core";
import type {
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
import { writeDurably } from "../write-durably.ts";

export interface ScriptedTrainerOptions {
  /** Written into every file, and checked on load. The scripted policy's by default. */
  readonly baseSha256?: Sha256;
}

/** All that a scripted trainer knows. */
interface ScriptedState {
  readonly baseSha256: Sha256;
  /** Of everything learned so far. */
  readonly digest: Sha256;
  readonly updates: number;
}

const noGradient = sha256("no gradient");

/** A deterministic trainer that learns nothing but remembers everything. */
export function createScriptedTrainer(options: ScriptedTrainerOptions): Trainer {
  const baseSha256 = options.baseSha256 ?? sha256("scripted");
  return new ScriptedTrainer({ baseSha256, digest: sha256("untrained"), updates: 0 });
}

class ScriptedTrainer implements Trainer {
  readonly engine = "scripted";
  #state: ScriptedState;
  /** Of the data and losses since the last step. */
  #gradient: Sha256 = noGradient;

  constructor(state: ScriptedState) {
    this.#state = state;
  }

  async forward(data: readonly Datum[]): Promise<readonly (readonly number[])[]> {
    checkData(data, { vocabularySize: null, maxTokens: null });
    return data.map((datum) => logProbsOf(datum, this.#state.updates));
  }

  async forwardBackward(data: readonly Datum[], loss: LossSpec): Promise<ForwardBackwardResult> {
    const logProbs = await this.forward(data);
    const losses = data.map((datum, i) => tokenLoss(loss, { ...datum, logProbs: logProbs[i] as readonly number[] }));
    this.#gradient = sha256(canonicalJson([this.#gradient, data, loss]));
    const tokens = data.reduce((sum, datum) => sum + datum.positions.length, 0);
    const clipped = losses.reduce((sum, one) => sum + one.clipped, 0);
    return {
      loss: losses.reduce((sum, one) => sum + one.value, 0),
      logProbs,
      entropies: logProbs.map((one) => one.map((logProb) => Math.min(-logProb, 1))),
      clipFraction: tokens === 0 ? 0 : clipped / tokens,
    };
  }

  async optimizerStep(settings: OptimizerSettings): Promise<OptimizerResult> {
    const { digest, updates } = this.#state;
    const gradientNorm = this.#gradient === noGradient ? 0 : deriveSeed(this.#gradient) / 2 ** 32;
    this.#state = {
      ...this.#state,
      digest: sha256(canonicalJson([digest, this.#gradient, settings])),
      updates: updates + 1,
    };
    this.#gradient = noGradient;
    return { gradientNorm, applied: true };
  }

  async save(request: SaveRequest): Promise<SavedState> {
    const { version, parentSha256 } = request;
    const adapterPath = join(request.directory, `adapter-${versionName(version)}.json`);
    const optimizerPath = join(request.directory, `optimizer-${versionName(version)}.json`);
    const { baseSha256, digest, updates } = this.#state;
    const adapterSha256 = await writeDurably(adapterPath, canonicalJson({ baseSha256, digest, parentSha256, version }));
    const optimizerSha256 = await writeDurably(optimizerPath, canonicalJson({ adapterSha256, updates }));
    return { version, adapterPath, adapterSha256, optimizerPath, optimizerSha256, updates };
  }

  async load(saved: SavedState): Promise<void> {
    const adapter = await readChecked(saved.adapterPath, saved.adapterSha256);
    const optimizer = await readChecked(saved.optimizerPath, saved.optimizerSha256);
    if (adapter["baseSha256"] !== this.#state.baseSha256 || optimizer["adapterSha256"] !== saved.adapterSha256) {
      throw new LitmusError("incompatible", `${saved.adapterPath} belongs to another base or optimiser state`, {
        path: saved.adapterPath,
      });
    }
    this.#state = { ...this.#state, digest: adapter["digest"] as Sha256, updates: Number(optimizer["updates"]) };
    this.#gradient = noGradient;
  }

  async close(): Promise<void> {}
}

/** The sampler's own where they are known; else some negative numbers that shrink with every update, so that a loss falls. */
function logProbsOf(datum: Datum, updates: number): readonly number[] {
  if (datum.behaviourLogProbs !== null) return datum.behaviourLogProbs;
  return datum.positions.map((position) => {
    const seed = deriveSeed("scripted", datum.tokens[position - 1] ?? 0, datum.tokens[position] ?? 0);
    return -(0.05 + (4 * seed) / 2 ** 32) * 0.9 ** updates;
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
