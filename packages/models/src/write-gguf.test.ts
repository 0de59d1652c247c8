import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LitmusError, sha256, sha256OfFile } from "@litmus/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ggufArray } from "./encode-gguf.ts";
import { arrayElements } from "./gguf-array.ts";
import type { GgufValue } from "./gguf-value.ts";
import { openGguf } from "./open-gguf.ts";
import { fixturePath } from "./testing/fixture-path.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";
import { writeAtomically } from "./write-atomically.ts";
import { writeGguf } from "./write-gguf.ts";
import type { GgufContent } from "./write-gguf.ts";

const empty: GgufContent = { metadata: new Map(), tensors: [] };

const metadataValue: fc.Arbitrary<GgufValue> = fc.oneof(
  fc.record({ type: fc.constant("uint32" as const), value: fc.nat() }),
  fc.record({ type: fc.constant("int8" as const), value: fc.integer({ min: -128, max: 127 }) }),
  fc.record({ type: fc.constant("float32" as const), value: fc.float() }),
  fc.record({ type: fc.constant("float64" as const), value: fc.double() }),
  fc.record({ type: fc.constant("uint64" as const), value: fc.bigInt(0n, 2n ** 64n - 1n) }),
  fc.record({ type: fc.constant("bool" as const), value: fc.boolean() }),
  fc.record({ type: fc.constant("string" as const), value: fc.string({ unit: "grapheme" }) }),
  fc.array(fc.string({ unit: "grapheme" })).map((texts) => ggufArray("string", texts)),
  fc.array(fc.float()).map((numbers) => ggufArray("float32", numbers)),
);

describe("writeGguf", () => {
  it("writes back a file of Python's byte for byte", async () => {
    await using file = await openGguf(fixturePath("written-by-python.gguf"));
    const tensors = [];
    for (const tensor of file.tensors.values()) tensors.push({ ...tensor, data: await file.readRaw(tensor.name) });
    const path = join(await scratchDirectory(), "copy.gguf");
    const written = await writeGguf(path, { metadata: file.metadata, tensors });
    expect(await readFile(path)).toEqual(await readFile(file.path));
    expect(written).toEqual({ path, sha256: await sha256OfFile(file.path) });
  });

  it("keeps any metadata", async () => {
    const path = join(await scratchDirectory(), "a.gguf");
    const metadata = fc.dictionary(fc.string({ unit: "grapheme" }), metadataValue, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(metadata, async (entries) => {
        await writeGguf(path, { metadata: new Map(Object.entries(entries)), tensors: [] });
        await using file = await openGguf(path);
        for (const [key, expected] of Object.entries(entries)) {
          const found = file.metadata.get(key);
          expect(found?.type).toBe(expected.type);
          const plain = (value: GgufValue | undefined): unknown =>
            value?.type === "array" ? arrayElements(value) : value?.value;
          expect(plain(found)).toEqual(plain(expected));
        }
        expect(file.metadata.size).toBe(Object.keys(entries).length);
      }),
      { numRuns: 60 },
    );
  });

  it("honours the alignment that the metadata asks for", async () => {
    const path = join(await scratchDirectory(), "a.gguf");
    const metadata = new Map<string, GgufValue>([["general.alignment", { type: "uint32", value: 128 }]]);
    const tensors = ["x", "y"].map((name) => ({ name, type: "F32", shape: [1], data: new Uint8Array(4) }) as const);
    await writeGguf(path, { metadata, tensors });
    await using file = await openGguf(path);
    expect([...file.tensors.values()].map((tensor) => tensor.offset % 128)).toEqual([0, 0]);
    const odd = new Map<string, GgufValue>([["general.alignment", { type: "uint32", value: 12 }]]);
    await expect(writeGguf(path, { metadata: odd, tensors: [] })).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("refuses bytes that do not fit the shape, and shapes that are none", async () => {
    const directory = await scratchDirectory();
    const path = join(directory, "a.gguf");
    const tensor = { name: "x", type: "F32", shape: [2, 2] } as const;
    for (const bad of [
      { data: new Uint8Array(15) },
      { data: new Uint8Array(17) },
      { shape: [2, 0], data: new Uint8Array() },
    ]) {
      const content = { metadata: new Map(), tensors: [{ ...tensor, ...bad }] };
      await expect(writeGguf(path, content)).rejects.toMatchObject({ code: "invalid-input" });
    }
    const quantised = { name: "x", type: "Q8_0", shape: [2, 16], data: new Uint8Array(34) } as const;
    await expect(writeGguf(path, { metadata: new Map(), tensors: [quantised] })).rejects.toThrow("no Q8_0 shape");
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("writeAtomically", () => {
  it("leaves the old file and nothing else when writing fails half-way", async () => {
    const directory = await scratchDirectory();
    const path = join(directory, "a.gguf");
    await writeGguf(path, empty);
    const before = await readFile(path);
    const failing = writeAtomically(path, { byteLength: 8 }, async (sink) => {
      await sink(new Uint8Array(4));
      throw new LitmusError("interrupted", "stop");
    });
    await expect(failing).rejects.toMatchObject({ code: "interrupted" });
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(directory)).toEqual(["a.gguf"]);
  });

  it("names the bytes needed when the disk is full, before and while it writes", async () => {
    const directory = await scratchDirectory();
    const path = join(directory, "a.gguf");
    const huge = writeAtomically(path, { byteLength: 2 ** 60 }, async () => {});
    await expect(huge).rejects.toMatchObject({
      code: "out-of-space",
      message: expect.stringContaining(`${2 ** 60} bytes`),
    });
    for (const offset of [0, 1, 4095, 4096, 100_000]) {
      const cut = writeAtomically(path, { byteLength: 123_456 }, async (sink) => {
        await sink(new Uint8Array(offset));
        throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
      });
      await expect(cut).rejects.toMatchObject({
        code: "out-of-space",
        message: expect.stringContaining("123456 bytes"),
      });
    }
    expect(await readdir(directory)).toEqual([]);
  });

  it("gives no name to content of another hash", async () => {
    const directory = await scratchDirectory();
    const path = join(directory, "a");
    const write = writeAtomically(path, { byteLength: 1, sha256: sha256("x") }, async (sink) => sink(Buffer.from("y")));
    await expect(write).rejects.toMatchObject({ code: "corrupt-file" });
    expect(await readdir(directory)).toEqual([]);
  });

  it("lets writers of one file race: the last whole one stays", async () => {
    const directory = await scratchDirectory();
    const path = join(directory, "a");
    await writeFile(path, "old");
    const contents = Array.from({ length: 8 }, (_, i) => Buffer.alloc(200_000, i));
    await Promise.all(
      contents.map(async (bytes) =>
        writeAtomically(path, { byteLength: bytes.length }, async (sink) => {
          for (let at = 0; at < bytes.length; at += 10_000) await sink(bytes.subarray(at, at + 10_000));
        }),
      ),
    );
    const found = await readFile(path);
    expect(contents.some((bytes) => bytes.equals(found))).toBe(true);
    expect(await readdir(directory)).toEqual(["a"]);
  });
});
