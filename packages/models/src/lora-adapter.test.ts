import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRng, LitmusError, policyVersion, sha256 } from "@litmus/core";
import type { Sha256 } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { openGguf } from "./open-gguf.ts";
import { readLoraAdapter } from "./read-lora-adapter.ts";
import { isRefused, readFlippedCopies } from "./testing/damaged-copies.ts";
import { fixturePath } from "./testing/fixture-path.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";
import { writeGguf } from "./write-gguf.ts";
import { writeLoraAdapter } from "./write-lora-adapter.ts";
import type { LoraAdapterToWrite } from "./write-lora-adapter.ts";

const base = "ab".repeat(32) as Sha256;
const range = (length: number, factor: number): Float32Array => Float32Array.from({ length }, (_, i) => i * factor);

/** What fixtures/make-gguf-golden.py writes. */
const golden: LoraAdapterToWrite = {
  architecture: "gemma3",
  alpha: 4,
  rank: 2,
  baseSha256: base,
  parentSha256: null,
  version: policyVersion(3),
  tensors: [
    { name: "blk.0.attn_q.weight", a: range(6, 1 / 8), b: range(10, -1 / 4), inFeatures: 3, outFeatures: 5 },
    { name: "blk.0.ffn_down.weight", a: range(12, 1 / 8), b: range(8, -1 / 4), inFeatures: 6, outFeatures: 4 },
  ],
};

function randomAdapter(): LoraAdapterToWrite {
  const rng = createRng("adapter");
  const values = (length: number): Float32Array => Float32Array.from({ length }, () => rng.normal());
  const names = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"];
  const tensors = names.map((name) => {
    return { name: `blk.11.${name}.weight`, a: values(8 * 32), b: values(48 * 8), inFeatures: 32, outFeatures: 48 };
  });
  return { ...golden, rank: 8, parentSha256: sha256("parent"), tensors };
}

describe("an adapter", () => {
  it("is written byte for byte as llama.cpp's own library writes it", async () => {
    const written = await writeLoraAdapter(join(await scratchDirectory(), "a.gguf"), golden);
    const expected = await readFile(fixturePath("adapter-golden.gguf"));
    expect(await readFile(written.path)).toEqual(expected);
    expect(written.sha256).toBe(sha256(expected));
  });

  it("reads back what was written", async () => {
    const adapter = randomAdapter();
    const written = await writeLoraAdapter(join(await scratchDirectory(), "a.gguf"), adapter);
    const read = await readLoraAdapter(written.path, { baseSha256: base, sha256: written.sha256 });
    const byName = [...adapter.tensors].sort((x, y) => (x.name < y.name ? -1 : 1));
    expect(read).toEqual({ ...adapter, tensors: byName });
    expect(await readLoraAdapter(written.path, { baseSha256: null })).toEqual(read);
  });

  it("has one hash for one content, in whatever order the tensors come", async () => {
    const directory = await scratchDirectory();
    const adapter = randomAdapter();
    const first = await writeLoraAdapter(join(directory, "1.gguf"), adapter);
    const again = { ...adapter, tensors: [...adapter.tensors].reverse() };
    const second = await writeLoraAdapter(join(directory, "2.gguf"), again);
    expect(second.sha256).toBe(first.sha256);
    const next = { ...adapter, version: policyVersion(4) };
    expect((await writeLoraAdapter(join(directory, "3.gguf"), next)).sha256).not.toBe(first.sha256);
  });

  it("can be stored in half precision", async () => {
    const path = join(await scratchDirectory(), "a.gguf");
    await writeLoraAdapter(path, { ...golden, type: "F16" });
    await using file = await openGguf(path);
    expect(new Set([...file.tensors.values()].map((tensor) => tensor.type))).toEqual(new Set(["F16"]));
    // The golden values are small multiples of 1/8: exact in half precision.
    expect((await readLoraAdapter(path, { baseSha256: base })).tensors).toEqual(golden.tensors);
  });
});

describe("writeLoraAdapter refuses", () => {
  const [tensor] = golden.tensors;
  if (tensor === undefined) throw new Error("the golden adapter has no tensors");
  const withTensor = (change: object): LoraAdapterToWrite => ({ ...golden, tensors: [{ ...tensor, ...change }] });
  const bad: Record<string, LoraAdapterToWrite> = {
    "no tensors": { ...golden, tensors: [] },
    "a rank of 0": { ...golden, rank: 0 },
    "an alpha of 0, which engines read as 1": { ...golden, alpha: 0 },
    "a negative version": { ...golden, version: policyVersion(-1) },
    "a short hash": { ...golden, baseSha256: "ab" as Sha256 },
    "a parent that is no hash": { ...golden, parentSha256: "none" as Sha256 },
    "a tensor twice": { ...golden, tensors: [tensor, tensor] },
    "an adapter on a norm": withTensor({ name: "blk.0.attn_norm.weight" }),
    "an adapter on q's norm": withTensor({ name: "blk.0.attn_q_norm.weight" }),
    "an adapter on the embedding": withTensor({ name: "token_embd.weight" }),
    "an A of another shape": withTensor({ a: range(7, 1) }),
    "a B of another shape": withTensor({ b: range(9, 1) }),
    "not-a-number": withTensor({ a: range(6, Number.NaN) }),
    infinity: withTensor({ b: range(10, 1).fill(Number.POSITIVE_INFINITY, 9) }),
    "values beyond half precision": { ...withTensor({ b: range(10, 1).fill(65_520) }), type: "F16" },
  };
  it.each(Object.keys(bad))("%s", async (name) => {
    const path = join(await scratchDirectory(), "a.gguf");
    await expect(writeLoraAdapter(path, bad[name] as LoraAdapterToWrite)).rejects.toMatchObject({
      code: "invalid-input",
    });
  });
});

describe("readLoraAdapter refuses", () => {
  it("another base", async () => {
    const written = await writeLoraAdapter(join(await scratchDirectory(), "a.gguf"), golden);
    const other = readLoraAdapter(written.path, { baseSha256: sha256("another base") });
    await expect(other).rejects.toMatchObject({ code: "incompatible", message: expect.stringContaining(base) });
  });

  it("a file whose hash is not the manifest's, before it parses it", async () => {
    const path = join(await scratchDirectory(), "a.gguf");
    await writeFile(path, "torn");
    const read = readLoraAdapter(path, { baseSha256: base, sha256: sha256("whole") });
    await expect(read).rejects.toThrow("its SHA-256 is");
  });

  it("files without one of the keys", async () => {
    const directory = await scratchDirectory();
    const { path } = await writeLoraAdapter(join(directory, "a.gguf"), golden);
    await using file = await openGguf(path);
    const tensors = [];
    for (const tensor of file.tensors.values()) tensors.push({ ...tensor, data: await file.readRaw(tensor.name) });
    for (const key of file.metadata.keys()) {
      const metadata = new Map(file.metadata);
      metadata.delete(key);
      const cut = await writeGguf(join(directory, "cut.gguf"), { metadata, tensors });
      const read = readLoraAdapter(cut.path, { baseSha256: base });
      await expect(read, key).rejects.toMatchObject({ code: "incompatible", message: expect.stringContaining(key) });
    }
    for (const left of [tensors.slice(1), tensors.slice(0, 1), []]) {
      const cut = await writeGguf(join(directory, "cut.gguf"), { metadata: file.metadata, tensors: left });
      await expect(readLoraAdapter(cut.path, { baseSha256: base })).rejects.toMatchObject({ code: "corrupt-file" });
    }
  });

  it("a torn file, wherever it was torn", async () => {
    const directory = await scratchDirectory();
    const written = await writeLoraAdapter(join(directory, "a.gguf"), randomAdapter());
    const bytes = await readFile(written.path);
    const torn = join(directory, "torn.gguf");
    const rng = createRng("tears");
    const everyKib = Array.from({ length: Math.floor(bytes.length / 1024) }, (_, i) => i * 1024);
    const lengths = [...everyKib, ...Array.from({ length: 50 }, () => rng.integer(bytes.length - 1))];
    for (const length of lengths) {
      await writeFile(torn, bytes.subarray(0, length));
      const read = async (): Promise<unknown> => readLoraAdapter(torn, { baseSha256: base });
      expect(await isRefused(read), `torn at ${length}`).toBe(true);
    }
  });

  it("or reads files with flipped bits, and does nothing else", { timeout: 60_000 }, async () => {
    const path = join(await scratchDirectory(), "a.gguf");
    const original = await readFile(fixturePath("adapter-golden.gguf"));
    const damage = { path, original, copies: 600, headBytes: original.length };
    const withoutHash = await readFlippedCopies(damage, async () => readLoraAdapter(path, { baseSha256: base }));
    expect(withoutHash.refused).toBeGreaterThan(200);
    const sha = sha256(original);
    const read = async (): Promise<unknown> => readLoraAdapter(path, { baseSha256: base, sha256: sha });
    const withHash = await readFlippedCopies({ ...damage, copies: 100 }, read);
    // Flips that cancel leave the file as it was.
    expect(withHash.accepted).toBeLessThanOrEqual(1);
  });

  it("values that are not finite", async () => {
    const directory = await scratchDirectory();
    const { path } = await writeLoraAdapter(join(directory, "a.gguf"), golden);
    const bytes = await readFile(path);
    bytes.writeFloatLE(Number.NaN, bytes.length - 32);
    await writeFile(path, bytes);
    const error = await readLoraAdapter(path, { baseSha256: base }).catch((thrown: unknown) => thrown);
    expect(LitmusError.isInstance(error) && error.message).toContain('"blk.0.ffn_down.weight.lora_b" holds NaN at 0');
  });
});
