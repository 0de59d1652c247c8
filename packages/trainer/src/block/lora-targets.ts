import type { Gemma3Config } from "@litmus/models";

/** The linear layers of a block that can have an adapter, by their names in a GGUF file. */
export const loraTargets = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"] as const;
export type LoraTarget = (typeof loraTargets)[number];

/** [out, in] of each linear layer of a block. */
export function linearShapes(config: Gemma3Config): Readonly<Record<LoraTarget, readonly [number, number]>> {
  const query = config.heads * config.headWidth;
  const keyValue = config.keyValueHeads * config.headWidth;
  return {
    attn_q: [query, config.width],
    attn_k: [keyValue, config.width],
    attn_v: [keyValue, config.width],
    attn_output: [config.width, query],
    ffn_gate: [config.feedForward, config.width],
    ffn_up: [config.feedForward, config.width],
    ffn_down: [config.width, config.feedForward],
  };
}
