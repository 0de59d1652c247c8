import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { arrayElements } from "./gguf-array.ts";
import { openGguf } from "./open-gguf.ts";
import { fixturePath } from "./testing/fixture-path.ts";
import { isRefused, readFlippedCopies } from "./testing/damaged-copies.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";
import { writeTinyGemma3 } from "./write-tiny-gemma3.ts";

const goldenPath = fixturePath("written-by-python.gguf");
const golden = JSON.parse(readFileSync(fixturePath("written-by-python.json"), "utf8")) as {
  scalars: Record<string, string>;
  arrays: Record<string, string[]>;
  tensors: Record<string, { type: string; shape: number[]; values: number[] }>;
};

/** Opens a file and reads all of it. */
async function readWhole(path: string): Promise<void> {
  await using file = await openGguf(path);
  for (const name of file.tensors.keys()) await file.readTensor(name);
  for (const value of file.metadata.values()) if (value.type === "array") arrayElements(value);
}

/** Python writes truth values in capitals. */
const asPython = (value: unknown): string => (typeof value === "boolean" ? (value ? "True" : "False") : String(value));
/** Python writes whole single-precision numbers with a point. */
const pythonNumber = (text: string): string => text.replace(/^(-?\d+)\.0$/, "$1");

describe("openGguf on a file written by Python", () => {
  it("reads every type of metadata", async () => {
    await using file = await openGguf(goldenPath);
    for (const [type, text] of Object.entries(golden.scalars)) {
      const entry = file.metadata.get(`scalar.${type}`);
      expect(entry?.type).toBe(type);
      expect(entry?.type === "array" ? null : asPython(entry?.value)).toBe(text);
    }
    for (const [type, texts] of Object.entries(golden.arrays)) {
      const entry = file.metadata.get(`array.${type}`);
      if (entry?.type !== "array") throw new Error(`array.${type} is no array`);
      expect(entry.elementType).toBe(type);
      expect(arrayElements(entry).map(asPython)).toEqual(texts.map(pythonNumber));
    }
  });

  it("reads every tensor, row-major", async () => {
    await using file = await openGguf(goldenPath);
    expect([...file.tensors.keys()]).toEqual(Object.keys(golden.tensors));
    for (const [name, expected] of Object.entries(golden.tensors)) {
      expect(file.tensors.get(name)).toMatchObject({ type: expected.type, shape: expected.shape });
      expect([...(await file.readTensor(name))]).toEqual(expected.values);
    }
  });

  it("reads rows in the order asked for, repeated ones too", async () => {
    await using file = await openGguf(goldenPath);
    for (const name of ["plain.weight", "half.weight", "eight.weight", "five.weight"]) {
      const whole = golden.tensors[name]?.values ?? [];
      const rows = [2, 0, 1, 2, 2];
      const expected = rows.flatMap((row) => whole.slice(row * 64, row * 64 + 64));
      expect([...(await file.readRows(name, rows))]).toEqual(expected);
    }
    expect(await file.readRows("plain.weight", [])).toHaveLength(0);
  });
});

describe("openGguf refuses", () => {
  it("names and rows that are not there, and reads after closing", async () => {
    const file = await openGguf(goldenPath);
    await expect(file.readTensor("none")).rejects.toMatchObject({ code: "not-found" });
    await expect(file.readRows("plain.weight", [3])).rejects.toMatchObject({ code: "invalid-input" });
    await expect(file.readRows("plain.weight", [0.5])).rejects.toMatchObject({ code: "invalid-input" });
    await file.close();
    await file.close();
    await expect(file.readTensor("plain.weight")).rejects.toMatchObject({ code: "bug" });
  });

  it("files that are missing, empty, folders or something else", async () => {
    const directory = await scratchDirectory();
    const path = join(directory, "a.gguf");
    await expect(openGguf(path)).rejects.toMatchObject({ code: "not-found" });
    await expect(openGguf(directory)).rejects.toMatchObject({ code: "corrupt-file" });
    await writeFile(path, "");
    await expect(openGguf(path)).rejects.toMatchObject({ code: "corrupt-file", path });
    await writeFile(path, "PK\u0003\u0004 and so on, some other kind of file");
    await expect(openGguf(path)).rejects.toThrow("this is no GGUF file");
    await writeFile(path, "version https://git-lfs.github.com/spec/v1\n");
    await expect(openGguf(path)).rejects.toMatchObject({ code: "corrupt-file" });
  });

  it("big-endian and unknown versions as incompatible", async () => {
    const bytes = Uint8Array.from(await readFile(goldenPath));
    const path = join(await scratchDirectory(), "a.gguf");
    for (const version of [
      [0, 0, 0, 3],
      [1, 0, 0, 0],
      [4, 0, 0, 0],
    ]) {
      bytes.set(version, 4);
      await writeFile(path, bytes);
      await expect(openGguf(path)).rejects.toMatchObject({ code: "incompatible" });
    }
  });

  it("a file cut anywhere, saying where", async () => {
    const bytes = await readFile(goldenPath);
    const path = join(await scratchDirectory(), "a.gguf");
    for (let length = 0; length < bytes.length; length += 13) {
      // What follows the last tensor is padding, which nothing needs.
      if (bytes.length - length <= 32) break;
      await writeFile(path, bytes.subarray(0, length));
      expect(await isRefused(async () => readWhole(path)), `cut at ${length}`).toBe(true);
    }
    await writeFile(path, bytes.subarray(0, 500));
    await expect(openGguf(path)).rejects.toThrow(/the file ends at byte 500, within its header \(at byte \d+\)/);
  });

  it("counts that the file cannot hold, before it allocates for them", async () => {
    const original = await readFile(goldenPath);
    const path = join(await scratchDirectory(), "a.gguf");
    // The number of tensors, of entries, and the first key's length.
    for (const at of [8, 16, 24]) {
      for (const count of [2n ** 64n - 1n, 2n ** 53n, 2n ** 40n, 3000n]) {
        const bytes = Buffer.from(original);
        bytes.writeBigUInt64LE(count, at);
        await writeFile(path, bytes);
        const before = process.memoryUsage().arrayBuffers;
        const message = expect.stringMatching(/do not fit in the \d+ bytes left \(at byte \d+\)/);
        await expect(openGguf(path)).rejects.toMatchObject({ code: "corrupt-file", message });
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
      }
    }
  });

  it("or reads any file with flipped bits, and does nothing else", { timeout: 60_000 }, async () => {
    const original = await readFile(goldenPath);
    const path = join(await scratchDirectory(), "a.gguf");
    const damage = { path, original, copies: 1500, headBytes: 1700 };
    const results = await readFlippedCopies(damage, async () => readWhole(path));
    expect(results.refused).toBeGreaterThan(300);
    expect(results.accepted).toBeGreaterThan(100);
  });

  it("tensors that overlap or are not aligned", async () => {
    const directory = await scratchDirectory();
    const { path } = await writeTinyGemma3(join(directory, "tiny.gguf"), { seed: 1 });
    const bytes = await readFile(path);
    const nameAt = bytes.indexOf("blk.1.ffn_norm.weight");
    const offsetAt = nameAt + "blk.1.ffn_norm.weight".length + 4 + 8 + 4;
    const offset = bytes.readBigUInt64LE(offsetAt);
    bytes.writeBigUInt64LE(offset - 32n, offsetAt);
    await writeFile(path, bytes);
    await expect(openGguf(path)).rejects.toThrow("overlaps another");
    bytes.writeBigUInt64LE(offset + 4n, offsetAt);
    await writeFile(path, bytes);
    await expect(openGguf(path)).rejects.toThrow('"blk.1.ffn_norm.weight" is not aligned');
  });
});
