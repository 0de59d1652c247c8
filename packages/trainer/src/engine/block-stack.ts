import type { Gemma3Config, Gemma3LayerKind } from "@litmus/models";
import type { AdapterMatrix } from "../adapter/adapter-parameters.ts";
import { matrixValues } from "../adapter/adapter-parameters.ts";
import { traceForward, traceGradient } from "../block/block-programs.ts";
import type { LoraShape } from "../block/block-programs.ts";
import { lowerProgram } from "../lowering/lower-program.ts";
import type { PackedRow } from "../sequence/packed-row.ts";
import { rowMask, rowPositions } from "../sequence/packed-row.ts";
import type { ModelWeights } from "./model-weights.ts";
import { ropeTables, rotateHalfMatrix } from "./rope.ts";
import { compileGraph, emptyF32Tensor, f32Tensor } from "./session.ts";
import type { CompiledGraph, F32Tensor, SessionSettings } from "./session.ts";

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
}

/** All blocks of the model over rows of one length. One compiled graph for each direction serves every layer. */
export class BlockStack {
  readonly #options: BlockStackOptions;
  readonly #forwardGraph: CompiledGraph;
  readonly #gradientGraph: CompiledGraph;
  readonly #layerInputs: readonly NamedTensors[];
  /** Input of each block, then the output of the last. */
  readonly #hidden: readonly F32Tensor[];
  readonly #gradients: NamedTensors;
  #rowInputs: Readonly<Record<Gemma3LayerKind, NamedTensors>> | null = null;

  private constructor(options: BlockStackOptions, forwardGraph: CompiledGraph, gradientGraph: CompiledGraph) {
    const { config } = options.weights;
    this.#options = options;
    this.#forwardGraph = forwardGraph;
    this.#gradientGraph = gradientGraph;
    this.#layerInputs = options.weights.blocks.map((_, layer) => layerInputs(options, layer));
    this.#hidden = Array.from({ length: config.layers + 1 }, () => emptyF32Tensor([options.length, config.width]));
    this.#gradients = gradientBuffers(options);
  }

  static async compile(options: BlockStackOptions): Promise<BlockStack> {
    const { config } = options.weights;
    const shape = { config, length: options.length, loraScale: options.lora.alpha / options.lora.rank };
    const forward = lowerProgram("forward", traceForward(shape, options.lora));
    const gradient = lowerProgram("gradient", traceGradient(shape, options.lora));
    return new BlockStack(
      options,
      await compileGraph(forward, options.session),
      await compileGraph(gradient, options.session),
    );
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
      await this.#forwardGraph.run(this.#inputsOf(layer), { output });
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
      await this.#gradientGraph.run({ ...this.#inputsOf(layer), cotangent: cotangentTensor }, this.#gradients);
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
    if (matrix.layer === layer) inputs[inputName(matrix)] = f32Tensor(matrixValues(options.parameters, matrix), matrix.shape);
  }
  return inputs;
}

/** What the graphs read of one row: rotations and mask, which differ between local and global layers. */
function rowInputs(row: PackedRow, config: Gemma3Config): Readonly<Record<Gemma3LayerKind, NamedTensors>> {
  const { headWidth } = config;
  const positions = rowPositions(row);
  const rotation = f32Tensor(rotateHalfMatrix(headWidth), [headWidth, headWidth]);
  const forKind = (base: number, window: number): NamedTensors => {
    const { cosine, sine } = ropeTables(positions, base, headWidth);
    return {
      "rope.cosine": f32Tensor(cosine, [row.length, headWidth]),
      "rope.sine": f32Tensor(sine, [row.length, headWidth]),
      "rope.rotation": rotation,
      mask: f32Tensor(rowMask(row, window), [row.length, row.length]),
    };
  };
  return { local: forKind(config.ropeBaseLocal, config.slidingWindow), global: forKind(config.ropeBaseGlobal, row.length) };
}

function gradientBuffers(options: BlockStackOptions): NamedTensors {
  const hidden = [options.length, options.weights.config.width];
  const buffers: Record<string, F32Tensor> = { "gradient.hidden": emptyF32Tensor(hidden), output: emptyF32Tensor(hidden) };
  for (const matrix of options.matrices) {
    if (matrix.layer === 0) buffers[`gradient.${inputName(matrix)}`] = emptyF32Tensor(matrix.shape);
  }
  return buffers;
}
