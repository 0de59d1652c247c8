import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gemma3Config, gemma3Shapes } from "./gemma3-config.ts";
import type { GgufTensor } from "./gguf-header.ts";
import type { GgufValue } from "./gguf-value.ts";
import { openGguf } from "./open-gguf.ts";
import type { GgufFile } from "./open-gguf.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";
import { writeTinyGemma3 } from "./write-tiny-gemma3.ts";

type Parsed = Pick<GgufFile, "path" | "metadata" | "tensors">;

async function tiny(): Promise<Parsed> {
  const { path } = await writeTinyGemma3(join(await scratchDirectory(), "tiny.gguf"), { seed: 1, layers: 7 });
  await using file = await openGguf(path);
  return { path, metadata: file.metadata, tensors: file.tensors };
}

const integer = (value: number): GgufValue => ({ type: "uint32", value });
const text = (value: string): GgufValue => ({ type: "string", value });

describe("gemma3Config", () => {
  it("reads what a forward pass needs", async () => {
    expect(gemma3Config(await tiny())).toEqual({
      layers: 7,
      width: 32,
      feedForward: 64,
      heads: 2,
      keyValueHeads: 1,
      headWidth: 16,
      slidingWindow: 16,
      layerKinds: ["local", "local", "local", "local", "local", "global", "local"],
      ropeBaseGlobal: 1_000_000,
      ropeBaseLocal: 10_000,
      rmsEpsilon: Math.fround(1e-6),
      vocabularySize: 128,
      contextLength: 256,
      embeddingScale: Math.fround(Math.sqrt(32)),
      queryScale: 0.25,
    });
  });

  const changes: Record<string, readonly [key: string, value: GgufValue | null]> = {
    "another architecture": ["general.architecture", text("llama")],
    "no architecture": ["general.architecture", null],
    "a missing key": ["gemma3.feed_forward_length", null],
    "a text for a number": ["gemma3.block_count", text("7")],
    "a fraction of a layer": ["gemma3.block_count", { type: "float32", value: 2.5 }],
    "more layers than there are tensors": ["gemma3.block_count", integer(4_000_000_000)],
    "fewer layers than there are": ["gemma3.block_count", integer(6)],
    "another width": ["gemma3.embedding_length", integer(64)],
    "heads that do not share evenly": ["gemma3.attention.head_count_kv", integer(3)],
    "values of another width than keys": ["gemma3.attention.value_length", integer(8)],
    "heads per layer": [
      "gemma3.attention.head_count",
      { type: "array", elementType: "uint32", length: 0, bytes: new Uint8Array() },
    ],
    "scaled positions": ["gemma3.rope.scaling.type", text("linear")],
    "a factor of positions": ["gemma3.rope.scaling.factor", { type: "float32", value: 8 }],
    "another pattern of windows": ["gemma3.attention.sliding_window_pattern", integer(2)],
    "capped logits": ["gemma3.final_logit_softcapping", { type: "float32", value: 30 }],
    "an unknown key": ["gemma3.expert_count", integer(4)],
  };
  it.each(Object.keys(changes))("refuses %s", async (name) => {
    const file = await tiny();
    const [key, value] = changes[name] ?? ["", null];
    const metadata = new Map(file.metadata);
    if (value === null) metadata.delete(key);
    else metadata.set(key, value);
    expect(() => gemma3Config({ ...file, metadata })).toThrow(expect.objectContaining({ code: "incompatible" }));
  });

  it("takes keys that say what it assumes", async () => {
    const file = await tiny();
    const metadata = new Map(file.metadata)
      .set("gemma3.attention.sliding_window_pattern", integer(6))
      .set("gemma3.rope.scaling.type", text("none"))
      .set("gemma3.rope.freq_base_swa", { type: "float32", value: 20_000 });
    expect(gemma3Config({ ...file, metadata }).ropeBaseLocal).toBe(20_000);
  });

  it("refuses a file that lacks a tensor, has one more, or one of another shape", async () => {
    const file = await tiny();
    for (const name of ["token_embd.weight", "blk.6.post_ffw_norm.weight"]) {
      const tensors = new Map(file.tensors);
      const tensor = file.tensors.get(name) as GgufTensor;
      tensors.delete(name);
      expect(() => gemma3Config({ ...file, tensors })).toThrow(`"${name}"`);
      tensors.set(name, { ...tensor, shape: [...tensor.shape, 1] });
      expect(() => gemma3Config({ ...file, tensors })).toThrow(`"${name}"`);
    }
    const extra = new Map(file.tensors).set("output.weight", file.tensors.get("token_embd.weight") as GgufTensor);
    expect(() => gemma3Config({ ...file, tensors: extra })).toThrow('"output.weight" is not supported');
  });
});

describe("writeTinyGemma3", () => {
  it("writes each tensor in its shape; equal seeds give equal files", async () => {
    const directory = await scratchDirectory();
    const first = await writeTinyGemma3(join(directory, "1.gguf"), { seed: 5 });
    const again = await writeTinyGemma3(join(directory, "2.gguf"), { seed: 5 });
    const other = await writeTinyGemma3(join(directory, "3.gguf"), { seed: 6 });
    expect(again.sha256).toBe(first.sha256);
    expect(other.sha256).not.toBe(first.sha256);
    await using file = await openGguf(first.path);
    const shapes = gemma3Shapes(gemma3Config(file));
    expect(new Map([...file.tensors].map(([name, { shape }]) => [name, shape]))).toEqual(shapes);
  });

  it("keeps the size of what passes through a matrix", async () => {
    const { path } = await writeTinyGemma3(join(await scratchDirectory(), "1.gguf"), { seed: 5, width: 64 });
    await using file = await openGguf(path);
    const values = await file.readTensor("token_embd.weight");
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(variance * 64).toBeGreaterThan(0.9);
    expect(variance * 64).toBeLessThan(1.1);
  });
});
