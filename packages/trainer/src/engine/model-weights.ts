import { gemma3Config, openGguf } from "@litmus/models";
import type { Gemma3Config, GgufFile } from "@litmus/models";
import type { NormName } from "../block/gemma-block.ts";
import { normNames } from "../block/gemma-block.ts";
import { linearShapes, loraTargets } from "../block/lora-targets.ts";
import type { LoraTarget } from "../block/lora-targets.ts";
import { f32Tensor } from "./session.ts";
import type { F32Tensor } from "./session.ts";

/** The base model in single precision: one copy, shared by every graph. */
export interface ModelWeights {
  readonly config: Gemma3Config;
  /** [vocabulary, width]: tied, input embedding and head. */
  readonly embedding: Float32Array;
  /** [width]. */
  readonly outputNorm: Float32Array;
  /** By layer. */
  readonly blocks: readonly Readonly<Record<LoraTarget | NormName, F32Tensor>>[];
}

/** Rows of the embedding that are converted at once, so that no second copy of it exists. */
const embeddingRowsAtOnce = 16_384;

/** Reads a Gemma 3 model. @throws LitmusError `not-found`, `corrupt-file` or `incompatible` */
export async function loadModelWeights(path: string): Promise<ModelWeights> {
  await using file = await openGguf(path);
  const config = gemma3Config(file);
  const embedding = await readEmbedding(file, config);
  const outputNorm = await file.readTensor("output_norm.weight");
  const blocks: Record<LoraTarget | NormName, F32Tensor>[] = [];
  for (let layer = 0; layer < config.layers; layer++) blocks.push(await readBlock(file, config, layer));
  return { config, embedding, outputNorm, blocks };
}

async function readEmbedding(file: GgufFile, config: Gemma3Config): Promise<Float32Array> {
  const embedding = new Float32Array(config.vocabularySize * config.width);
  for (let first = 0; first < config.vocabularySize; first += embeddingRowsAtOnce) {
    const count = Math.min(embeddingRowsAtOnce, config.vocabularySize - first);
    const rows = Array.from({ length: count }, (_, row) => first + row);
    embedding.set(await file.readRows("token_embd.weight", rows), first * config.width);
  }
  return embedding;
}

async function readBlock(
  file: GgufFile,
  config: Gemma3Config,
  layer: number,
): Promise<Record<LoraTarget | NormName, F32Tensor>> {
  const shapes = linearShapes(config);
  const entries: [string, F32Tensor][] = [];
  for (const name of [...loraTargets, ...normNames]) {
    const data = await file.readTensor(`blk.${layer}.${name}.weight`);
    const shape = (shapes as Readonly<Record<string, readonly number[]>>)[name] ?? [data.length];
    entries.push([name, f32Tensor(data, shape)]);
  }
  return Object.fromEntries(entries) as Record<LoraTarget | NormName, F32Tensor>;
}
