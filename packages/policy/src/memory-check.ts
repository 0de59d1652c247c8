import { totalmem } from "node:os";
import { LitmusError } from "@litmus/core";
import { openGguf } from "@litmus/models";
import type { GgufFile } from "@litmus/models";

/** How many tokens the caches of a context hold. */
export interface CacheSize {
  readonly contextTokens: number;
  readonly sequences: number;
  readonly batchTokens: number;
}

const halfBytes = 2;
/** Gemma 3: every sixth layer sees everything. */
const layersPerGlobal = 6;

/**
 * Refuses what cannot fit: an allocation that fails later may end other processes instead of this one.
 * @throws LitmusError `unavailable`, or `corrupt-file` when this is no model
 */
export async function refuseTooLarge(modelPath: string, size: CacheSize): Promise<void> {
  await using file = await openGguf(modelPath);
  const [needed, free] = [fewestCacheBytes(file, size), availableBytes()];
  if (needed <= free) return;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  const message = `${size.sequences} contexts of ${size.contextTokens} tokens need ${gigabytes(needed)}, ${gigabytes(free)} are free`;
  throw new LitmusError("unavailable", message, { hint: "fewer slots, a smaller contextTokens or a smaller model" });
}

/** Elsewhere "free" leaves out what the system would give back at once. */
function availableBytes(): number {
  return process.platform === "linux" ? process.availableMemory() : totalmem();
}

/** A lower bound of the key and value caches in half precision; 0 when the file does not say. */
export function fewestCacheBytes(file: Pick<GgufFile, "metadata">, size: CacheSize): number {
  const architecture = file.metadata.get("general.architecture");
  const numberAt = (name: string): number => {
    const entry = architecture?.type === "string" ? file.metadata.get(`${architecture.value}.${name}`) : undefined;
    return entry?.type === "uint32" ? entry.value : 0;
  };
  const layers = numberAt("block_count");
  const headWidth = numberAt("attention.key_length") + numberAt("attention.value_length");
  const bytesPerPosition = numberAt("attention.head_count_kv") * headWidth * halfBytes;
  const window = numberAt("attention.sliding_window");
  const globalLayers = window === 0 ? layers : Math.ceil(layers / layersPerGlobal);
  const windowPositions = Math.min(size.contextTokens, window + size.batchTokens);
  const positions = globalLayers * size.contextTokens + (layers - globalLayers) * windowPositions;
  return size.sequences * positions * bytesPerPosition;
}
