/** @file Adapters as a folder of the Python library PEFT: `adapter_config.json` and `adapter_model.safetensors`. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LitmusError, toLitmusError } from "@litmus/core";
import { z } from "zod";
import type { LoraAdapter, LoraTensor } from "../lora-adapter.ts";
import { writeAtomically } from "../write-atomically.ts";
import { readSafetensors, writeSafetensors, type SafeTensor } from "./safetensors.ts";

/** Module of a block in PEFT, by tensor of a block in GGUF. */
const modules: Readonly<Record<string, string>> = {
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
};
const targets: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(modules).map(([target, module]) => [module, target]),
);

const configFile = "adapter_config.json";
const tensorsFile = "adapter_model.safetensors";
/** In whose conversion to GGUF the rows of linear layers keep their order; others regroup them. */
const plainArchitectures = ["gemma3"];

/** What a PEFT folder does not say. */
export type PeftIdentity = Pick<LoraAdapter, "architecture" | "baseSha256" | "parentSha256" | "version">;

/**
 * Writes an adapter as a PEFT folder, values in single precision.
 * @param baseModel name of the base as PEFT users know it: a repository, or a path
 * @throws LitmusError `incompatible` when a tensor has no module in PEFT, or the architecture regroups rows
 */
export async function writePeftAdapter(folder: string, adapter: LoraAdapter, baseModel: string): Promise<void> {
  refuseRegrouped(adapter.architecture);
  const tensors = adapter.tensors.flatMap((tensor): SafeTensor[] => {
    const module = moduleOf(tensor.name);
    const name = (part: "A" | "B"): string => `base_model.model.${module.path}.lora_${part}.weight`;
    return [
      { name: name("A"), shape: [adapter.rank, tensor.inFeatures], values: tensor.a },
      { name: name("B"), shape: [tensor.outFeatures, adapter.rank], values: tensor.b },
    ];
  });
  const config = {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: baseModel,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    bias: "none",
    use_rslora: false,
    use_dora: false,
    fan_in_fan_out: false,
    inference_mode: true,
    target_modules: [...new Set(adapter.tensors.map((tensor) => moduleOf(tensor.name).leaf))].sort(),
  };
  await mkdir(folder, { recursive: true });
  await writeSafetensors(join(folder, tensorsFile), tensors);
  const json = Buffer.from(`${JSON.stringify(config, null, 2)}\n`);
  await writeAtomically(join(folder, configFile), { byteLength: json.byteLength }, (sink) => sink(json));
}

function moduleOf(tensor: string): { path: string; leaf: string } {
  const [, layer, target = ""] = /^blk\.(\d+)\.(\w+)\.weight$/.exec(tensor) ?? [];
  const module = modules[target];
  if (layer === undefined || module === undefined)
    throw new LitmusError("incompatible", `"${tensor}" has no counterpart in PEFT`);
  return { path: `model.layers.${layer}.${module}`, leaf: module.split(".").at(-1) as string };
}

const configSchema = z.object({
  peft_type: z.literal("LORA"),
  r: z.int().min(1),
  lora_alpha: z.number().positive(),
  bias: z.literal("none").default("none"),
  use_rslora: z.boolean().default(false),
  use_dora: z.literal(false).default(false),
  fan_in_fan_out: z.literal(false).default(false),
  rank_pattern: z.strictObject({}).default({}),
  alpha_pattern: z.strictObject({}).default({}),
  modules_to_save: z.null().default(null),
});

/**
 * Reads a PEFT folder. An adapter of rank-stabilised LoRA is scaled by alpha / √r: its alpha becomes alpha · √r.
 * @throws LitmusError `not-found`, `corrupt-file`, or `incompatible` for what a plain LoRA of linear layers does not have
 */
export async function readPeftAdapter(folder: string, identity: PeftIdentity): Promise<LoraAdapter> {
  refuseRegrouped(identity.architecture);
  const config = await readConfig(join(folder, configFile));
  const path = join(folder, tensorsFile);
  const tensors = new Map((await readSafetensors(path)).map((tensor) => [tensor.name, tensor]));
  const pairs = [...tensors.values()].filter(({ name }) => name.endsWith(".lora_A.weight"));
  if (pairs.length === 0 || pairs.length * 2 !== tensors.size)
    throw incompatible(path, `it has ${tensors.size} tensors, which are not pairs of A and B`);
  return {
    ...identity,
    rank: config.r,
    alpha: config.use_rslora ? config.lora_alpha * Math.sqrt(config.r) : config.lora_alpha,
    tensors: pairs
      .map((a) => toPair(path, a, { rank: config.r, b: tensors.get(a.name.replace(".lora_A.", ".lora_B.")) }))
      .sort((x, y) => (x.name < y.name ? -1 : 1)),
  };
}

async function readConfig(path: string): Promise<z.infer<typeof configSchema>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw toLitmusError(error);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new LitmusError("corrupt-file", `${path} is not JSON`, { path });
  }
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) throw incompatible(path, `it is no plain LoRA: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function toPair(path: string, a: SafeTensor, rest: { rank: number; b: SafeTensor | undefined }): LoraTensor {
  const { rank, b } = rest;
  const pattern =
    /^base_model\.model\.(?:model\.)?(?:language_model\.)?(?:model\.)?layers\.(\d+)\.([\w.]+)\.lora_A\.weight$/;
  const [, layer, module = ""] = pattern.exec(a.name) ?? [];
  const target = targets[module];
  if (layer === undefined || target === undefined)
    throw incompatible(path, `"${a.name}" is no linear layer of a block`);
  if (b === undefined || a.shape.length !== 2 || b.shape.length !== 2 || a.shape[0] !== rank || b.shape[1] !== rank)
    throw incompatible(path, `"${a.name}" and its B are not [${rank}, in] and [out, ${rank}]`);
  return {
    name: `blk.${layer}.${target}.weight`,
    a: a.values,
    b: b.values,
    inFeatures: a.shape[1] as number,
    outFeatures: b.shape[0] as number,
  };
}

function refuseRegrouped(architecture: string): void {
  if (plainArchitectures.includes(architecture)) return;
  throw new LitmusError("incompatible", `adapters of ${architecture} are not converted to or from PEFT`, {
    hint: "their conversion to GGUF regroups rows, which is done for gemma3 only, where none are",
  });
}

function incompatible(path: string, what: string): LitmusError {
  return new LitmusError("incompatible", `${path}: ${what}`, { path });
}
