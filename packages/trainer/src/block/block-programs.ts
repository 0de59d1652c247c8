import { vjp } from "@jax-js/jax";
import type { numpy as np } from "@jax-js/jax";
import type { Program } from "../lowering/program.ts";
import { liveEquations } from "../lowering/program.ts";
import { splitProgram } from "../lowering/split-program.ts";
import type { ArrayTree, ShapeTree } from "../lowering/trace-program.ts";
import { traceProgram } from "../lowering/trace-program.ts";
import type { BlockAdapter, BlockInputs, BlockShape } from "./gemma-block.ts";
import { gemmaBlock } from "./gemma-block.ts";
import { linearShapes } from "./lora-targets.ts";
import type { LoraTarget } from "./lora-targets.ts";

/** Which adapters a block has, and their rank. */
export interface LoraShape {
  readonly rank: number;
  readonly targets: readonly LoraTarget[];
}

type GradientInputs = BlockInputs & { readonly cotangent: np.Array };

/** A block in two passes. */
export interface BlockPrograms {
  /** Inputs as in {@link BlockInputs}; outputs `output` and what is saved for the gradient. */
  readonly forward: Program;
  /** Inputs as in {@link BlockInputs}, `cotangent` and what was saved; outputs `gradient.hidden` and `gradient.adapter.*`. */
  readonly gradient: Program;
  /** Shapes of what the forward pass saves, by name. */
  readonly saved: ReadonlyMap<string, readonly number[]>;
}

/** The gradient's pass reads the results of the forward pass's matrix products. */
export function traceSavingBlock(shape: BlockShape, lora: LoraShape): BlockPrograms {
  const { first, second, saved } = splitProgram(traceWithGradient(shape, lora), {
    lateInput: "cotangent",
    firstOutputs: ["output"],
  });
  return { forward: first, gradient: second, saved };
}

/** The gradient's pass computes the block again: for rows so long that saving would take too much memory. */
export function traceRecomputingBlock(shape: BlockShape, lora: LoraShape): BlockPrograms {
  const forward = traceProgram(
    (inputs: BlockInputs) => ({ output: gemmaBlock(shape, inputs) }),
    blockShapes(shape, lora),
  );
  const whole = traceWithGradient(shape, lora);
  const outputs = new Map([...whole.outputs].filter(([path]) => path !== "output"));
  const gradient = { ...whole, equations: liveEquations(whole.equations, outputs.values()), outputs };
  return { forward, gradient, saved: new Map() };
}

function traceWithGradient(shape: BlockShape, lora: LoraShape): Program {
  const shapes = { ...blockShapes(shape, lora), cotangent: [shape.length, shape.config.width] };
  return traceProgram((inputs: GradientInputs) => blockWithGradient(shape, inputs), shapes);
}

function blockWithGradient(shape: BlockShape, inputs: GradientInputs): ArrayTree {
  const block = (adapter: BlockAdapter, hidden: np.Array): np.Array =>
    gemmaBlock(shape, { ...inputs, adapter, hidden });
  const [output, pull] = vjp(block, [inputs.adapter, inputs.hidden]);
  const [adapterGradient, hiddenGradient] = pull(inputs.cotangent) as unknown as [ArrayTree, np.Array];
  return { output: output as np.Array, gradient: { hidden: hiddenGradient, adapter: adapterGradient } };
}

function blockShapes(shape: BlockShape, lora: LoraShape): ShapeTree {
  const { config, length } = shape;
  const linear = linearShapes(config);
  const adapter = Object.fromEntries(
    lora.targets.map((target) => [target, { a: [lora.rank, linear[target][1]], b: [linear[target][0], lora.rank] }]),
  );
  const norms = {
    attn_norm: [config.width],
    attn_q_norm: [config.headWidth],
    attn_k_norm: [config.headWidth],
    post_attention_norm: [config.width],
    ffn_norm: [config.width],
    post_ffw_norm: [config.width],
  };
  const perToken = [length, config.headWidth];
  return {
    adapter,
    hidden: [length, config.width],
    weights: { ...linear, ...norms },
    rope: { cosine: perToken, sine: perToken },
    mask: [length, length],
  };
}
