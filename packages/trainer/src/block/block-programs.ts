import { vjp } from "@jax-js/jax";
import type { numpy as np } from "@jax-js/jax";
import type { Program } from "../lowering/program.ts";
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

/** Inputs as in {@link BlockInputs}, output `output`. */
export function traceForward(shape: BlockShape, lora: LoraShape): Program {
  return traceProgram((inputs: BlockInputs) => ({ output: gemmaBlock(shape, inputs) }), blockShapes(shape, lora));
}

/** Inputs as in {@link BlockInputs} and `cotangent`; outputs `output`, `gradient.hidden` and `gradient.adapter.*`. */
export function traceGradient(shape: BlockShape, lora: LoraShape): Program {
  const shapes = { ...blockShapes(shape, lora), cotangent: [shape.length, shape.config.width] };
  return traceProgram((inputs: GradientInputs) => blockWithGradient(shape, inputs), shapes);
}

function blockWithGradient(shape: BlockShape, inputs: GradientInputs): ArrayTree {
  const block = (adapter: BlockAdapter, hidden: np.Array): np.Array => gemmaBlock(shape, { ...inputs, adapter, hidden });
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
    rope: { cosine: perToken, sine: perToken, rotation: [config.headWidth, config.headWidth] },
    mask: [length, length],
  };
}
