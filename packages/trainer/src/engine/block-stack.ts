import type { Gemma3Config, Gemma3LayerKind } from "@litmus/models";
import type { AdapterMatrix } from "../adapter/adapter-parameters.ts";
import { matrixValues } from "../adapter/adapter-parameters.ts";
import { traceRecomputingBlock, traceSavingBlock } from "../block/block-programs.ts";
import type { BlockPrograms, LoraShape } from "../block/block-programs.ts";
import { lowerProgram } from "../lowering/lower-program.ts";
import type { PackedRow } from "../sequence/packed-row.ts";
import { rowMask, rowPositions } from "../sequence/packed-row.ts";
import type { ModelWeights } from "./model-weights.ts";
import { ropeTables } from "./rope.ts";
import { compileGraph, f32Tensor } from "./session.ts";
import type { CompiledGraph, F32Tensor, SessionSettings } from "./session.ts";
import type { SharedBuffers } from "./shared-buffers.ts";

type NamedTensors = Readonly<Record<string, F32Tensor>>;

export interface BlockStackOptions {
  readonly weights: ModelWeights;
  readonly lora: LoraShape & { readonly alpha: number };
  readonly matrices: readonly AdapterMatrix[];
  /** All adapter parameters; read at every pass. */
  readonly parameters: Float32Array;
  /** T. */
  readonly length: number;
  readonly session: SessionSettings;
  /** Shared by stacks of other lengths: one pass at a time. */
  readonly buffers: SharedBuffers;
}

/** Longer rows are computed twice: what a block saves grows with the square of the length. */
const longestSavedRow = 1536;

/** Relative time of one row, measured: attention grows with the square of the length, computing twice adds a third. */
export function rowCost(length: number): number {
  return length * (1 + length / 9000) * (length > longestSavedRow ? 1.33 : 1);
}

/** All blocks of the model over rows of one length. One compiled graph for each direction serves every layer. */
export class BlockStack {
  readonly #options: BlockStackOptions;
  readonly #forwardGraph: CompiledGraph;
  readonly #gradientGraph: CompiledGraph;
  readonly #layerInputs: readonly NamedTensors[];
  /** Input of each block, then the output of the last. */
  readonly #hidden: readonly F32Tensor[];
  /** By layer: what the gradient's pass reads of the forward pass. */
  readonly #saved: readonly NamedTensors[];
  readonly #gradients: NamedTensors;
  #rowInputs: Readonly<Record<Gemma3LayerKind, NamedTensors>> | null = null;

  private constructor(
    options: BlockStackOptions,
    programs: BlockPrograms,
    graphs: { forward: CompiledGraph; gradient: CompiledGraph },
  ) {
    const { config, blocks } = options.weights;
    this.#options = options;
    this.#forwardGraph = graphs.forward;
    this.#gradientGraph = graphs.gradient;
    this.#saved = blocks.map((_, layer) => namedBuffers(options.buffers, `layer ${layer}`, programs.saved));
    this.#layerInputs = blocks.map((_, layer) => layerInputs(options, layer));
    this.#hidden = Array.from({ length: config.layers + 1 }, (_, layer) =>
      options.buffers.tensor(`hidden ${layer}`, [options.length, config.width]),
    );
    this.#gradients = gradientBuffers(options);
  }

  static async compile(options: BlockStackOptions): Promise<BlockStack> {
    const { config } = options.weights;
    const shape = { config, length: options.length, loraScale: options.lora.alpha / options.lora.rank };
    const trace = options.length > longestSavedRow ? traceRecomputingBlock : traceSavingBlock;
    const programs = trace(shape, options.lora);
    const forward = await compileGraph(lowerProgram("forward", programs.forward), options.session);
    const gradient = await compileGraph(lowerProgram("gradient", programs.gradient), options.session);
    return new BlockStack(options, programs, { forward, gradient });
  }

  /** [T, width]: where the caller writes the embeddings of a row before {@link forward}. */
  get input(): Float32Array {
    return (this.#hidden[0] as F32Tensor).data;
  }

  /** The last block's output [T, width], valid until the next pass. */
  async forward(row: PackedRow): Promise<Float32Array> {
    const { config } = this.#options.weights;
    this.#rowInputs = rowInputs(row, config);
    for (let layer = 0; layer < config.layers; layer++) {
      const output = this.#hidden[layer + 1] as F32Tensor;
      await this.#forwardGraph.run(this.#inputsOf(layer), { output, ...this.#saved[layer] });
    }
    return (this.#hidden.at(-1) as F32Tensor).data;
  }

  /**
   * Adds the adapters' gradient for the latest forward pass.
   * @param cotangent [T, width], the gradient for the last block's output; overwritten with the gradient for the input
   * @param total as long as the adapter parameters
   */
  async backward(cotangent: Float32Array, total: Float32Array): Promise<void> {
    const { config } = this.#options.weights;
    const cotangentTensor = f32Tensor(cotangent, [this.#options.length, config.width]);
    for (let layer = config.layers - 1; layer >= 0; layer--) {
      const inputs = { ...this.#inputsOf(layer), ...this.#saved[layer], cotangent: cotangentTensor };
      await this.#gradientGraph.run(inputs, this.#gradients);
      cotangent.set((this.#gradients["gradient.hidden"] as F32Tensor).data);
      this.#addGradients(layer, total);
    }
  }

  async dispose(): Promise<void> {
    await this.#forwardGraph.dispose();
    await this.#gradientGraph.dispose();
  }

  #inputsOf(layer: number): NamedTensors {
    const kind = this.#options.weights.config.layerKinds[layer] as Gemma3LayerKind;
    const row = (this.#rowInputs as Readonly<Record<Gemma3LayerKind, NamedTensors>>)[kind];
    return { ...this.#layerInputs[layer], ...row, hidden: this.#hidden[layer] as F32Tensor };
  }

  #addGradients(layer: number, total: Float32Array): void {
    for (const matrix of this.#options.matrices) {
      if (matrix.layer !== layer) continue;
      const own = matrixValues(total, matrix);
      const { data } = this.#gradients[`gradient.${inputName(matrix)}`] as F32Tensor;
      for (let i = 0; i < own.length; i++) own[i] = (own[i] as number) + (data[i] as number);
    }
  }
}

function inputName(matrix: AdapterMatrix): string {
  return `adapter.${matrix.target}.${matrix.part}`;
}

/** What the graphs read of one layer: its adapter and its weights. */
function layerInputs(options: BlockStackOptions, layer: number): NamedTensors {
  const inputs: Record<string, F32Tensor> = {};
  for (const [name, tensor] of Object.entries(options.weights.blocks[layer] ?? {})) inputs[`weights.${name}`] = tensor;
  for (const matrix of options.matrices) {
    if (matrix.layer === layer)
      inputs[inputName(matrix)] = f32Tensor(matrixValues(options.parameters, matrix), matrix.shape);
  }
  return inputs;
}

/** What the graphs read of one row: rotations and mask, which differ between local and global layers. */
function rowInputs(row: PackedRow, config: Gemma3Config): Readonly<Record<Gemma3LayerKind, NamedTensors>> {
  const { headWidth } = config;
  const positions = rowPositions(row);
  const forKind = (base: number, window: number): NamedTensors => {
    const { cosine, sine } = ropeTables(positions, base, headWidth);
    return {
      "rope.cosine": f32Tensor(cosine, [row.length, headWidth]),
      "rope.sine": f32Tensor(sine, [row.length, headWidth]),
      mask: f32Tensor(rowMask(row, window), [row.length, row.length]),
    };
  };
  return {
    local: forKind(config.ropeBaseLocal, config.slidingWindow),
    global: forKind(config.ropeBaseGlobal, row.length),
  };
}

function gradientBuffers(options: BlockStackOptions): NamedTensors {
  const adapter = options.matrices.filter((matrix) => matrix.layer === 0);
  return namedBuffers(options.buffers, "gradient", [
    ["gradient.hidden", [options.length, options.weights.config.width]],
    ...adapter.map((matrix) => [`gradient.${inputName(matrix)}`, matrix.shape] as const),
  ]);
}

function namedBuffers(
  buffers: SharedBuffers,
  owner: string,
  shapes: Iterable<readonly [string, readonly number[]]>,
): NamedTensors {
  return Object.fromEntries([...shapes].map(([name, shape]) => [name, buffers.tensor(`${owner} ${name}`, shape)]));
}
