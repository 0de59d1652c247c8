import type { LlamaContext, Token } from "node-llama-cpp";
import { samplerReader } from "./distribution-reader.ts";
import type { DistributionReader } from "./distribution-reader.ts";
import { kernelReader } from "./kernels/kernel-reader.ts";
import type { Kernels } from "./kernels/load-kernels.ts";
import { nativeContextOf } from "./native-context.ts";
import type { NativeContext } from "./native-context.ts";
import type { SamplerPool } from "./sampler-pool.ts";
import type { Draw, DrawOptions, EvaluationRow, Output, SequenceEngine } from "./sequence-engine.ts";

export interface LlamaEngineOptions {
  readonly contextTokens: number;
  readonly samplers: SamplerPool;
  readonly kernels: Kernels | null;
}

/** A llama.cpp context as sequences; the only code that evaluates. */
export class LlamaEngine implements SequenceEngine {
  readonly sequences: number;
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly canCopy: boolean;
  readonly #context: LlamaContext;
  readonly #native: NativeContext;
  readonly #distributions: DistributionReader;
  /** Positions that a token sees in the layers that see least, itself included. */
  readonly #window: number;

  constructor(context: LlamaContext, options: LlamaEngineOptions) {
    this.#context = context;
    this.#native = nativeContextOf(context);
    const samplers = samplerReader(this.#native, options.samplers);
    this.#distributions = options.kernels === null ? samplers : kernelReader(options.kernels, this.#native, samplers);
    this.sequences = context.totalSequences;
    this.contextTokens = options.contextTokens;
    this.batchTokens = context.batchSize;
    this.canCopy = this.#native.copySequenceStateFromOtherSequence !== undefined;
    this.#window = context.model.fileInsights.swaSize ?? Infinity;
  }

  async evaluate(rows: readonly EvaluationRow[]): Promise<readonly (readonly Output[])[]> {
    this.#native.initBatch(rows.reduce((sum, row) => sum + row.tokens.length, 0));
    const outputs = rows.map((row) => {
      const tokens = Uint32Array.from(row.tokens);
      return [...this.#native.addToBatch(row.sequence, row.start, tokens, Uint32Array.from(row.outputs))];
    });
    await this.#native.decodeBatch();
    return outputs;
  }

  draw(output: Output, options: DrawOptions): Promise<Draw> {
    return this.#distributions.draw(output, options);
  }

  logProb(output: Output, token: number): Promise<number> {
    return this.#distributions.logProb(output, token);
  }

  clear(sequence: number): void {
    this.#native.disposeSequence(sequence);
  }

  canTruncate(sequence: number, length: number): boolean {
    // Sliding-window layers drop old positions; all that the token at `length` sees must still be there.
    const oldestSeen = Math.max(0, length - this.#window + 1);
    return this.#native.getSequenceKvCacheMinPosition(sequence) <= oldestSeen;
  }

  truncate(sequence: number, length: number): boolean {
    return this.canTruncate(sequence, length) && this.#native.removeTokenCellsFromSequence(sequence, length, -1);
  }

  async copy(source: number, target: number): Promise<void> {
    await this.#native.copySequenceStateFromOtherSequence?.(target, source);
  }

  decode(tokens: readonly number[]): string {
    return this.#context.model.detokenize(tokens as readonly Token[]);
  }

  isEndToken(token: number): boolean {
    return this.#context.model.isEogToken(token as Token);
  }

  dispose(): Promise<void> {
    return this.#context.dispose();
  }
}
