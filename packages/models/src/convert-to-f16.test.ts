import { readdir, readFile, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256OfFile } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { cachedF16 } from "./cached-f16.ts";
import { convertToF16 } from "./convert-to-f16.ts";
import type { ByteProgress } from "./convert-to-f16.ts";
import { openGguf } from "./open-gguf.ts";
import { fixturePath } from "./testing/fixture-path.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";
import { singlePrecisionBytes, writeGguf } from "./write-gguf.ts";
import { writeTinyGemma3 } from "./write-tiny-gemma3.ts";

describe("convertToF16", () => {
  it("gives the file that was written in half precision at first", async () => {
    const directory = await scratchDirectory();
    const source = await writeTinyGemma3(join(directory, "f32.gguf"), { seed: 3, layers: 2 });
    const expected = await writeTinyGemma3(join(directory, "f16.gguf"), { seed: 3, layers: 2, type: "F16" });
    const seen: ByteProgress[] = [];
    const onProgress = (progress: ByteProgress): number => seen.push(progress);
    const converted = await convertToF16({ source: source.path, target: join(directory, "made.gguf"), onProgress });
    expect(converted.sha256).toBe(expected.sha256);
    expect(seen.at(-1)?.doneBytes).toBe(seen.at(-1)?.totalBytes);
    expect(seen.map((each) => each.doneBytes)).toEqual(seen.map((each) => each.doneBytes).sort((a, b) => a - b));
  });

  it("converts quantised matrices and leaves vectors in single precision", async () => {
    const target = join(await scratchDirectory(), "made.gguf");
    await convertToF16({ source: fixturePath("written-by-python.gguf"), target });
    await using source = await openGguf(fixturePath("written-by-python.gguf"));
    await using made = await openGguf(target);
    expect([...made.tensors.keys()]).toEqual([...source.tensors.keys()]);
    for (const tensor of made.tensors.values()) {
      expect(tensor.type).toBe(tensor.shape.length === 1 ? "F32" : "F16");
      const exact = await source.readTensor(tensor.name);
      const rounded = tensor.type === "F16" ? Float32Array.from(new Float16Array(exact)) : exact;
      expect(await made.readTensor(tensor.name)).toEqual(rounded);
    }
    expect(made.metadata.get("general.file_type")).toEqual({ type: "uint32", value: 1 });
    for (const [key, value] of source.metadata) expect(made.metadata.get(key)).toEqual(value);
  });

  it("refuses values that half precision cannot hold", async () => {
    const directory = await scratchDirectory();
    const data = singlePrecisionBytes(Float32Array.of(1, 65_519, -65_520, 0));
    const tensors = [{ name: "x", type: "F32", shape: [2, 2], data } as const];
    const source = await writeGguf(join(directory, "a.gguf"), { metadata: new Map(), tensors });
    const conversion = convertToF16({ source: source.path, target: join(directory, "b.gguf") });
    await expect(conversion).rejects.toThrow('"x" holds -65520, beyond half precision');
    expect(await readdir(directory)).toEqual(["a.gguf"]);
  });

  it("stops when it is aborted, and leaves nothing", async () => {
    const directory = await scratchDirectory();
    const { path: source } = await writeTinyGemma3(join(directory, "a.gguf"), { seed: 3 });
    const controller = new AbortController();
    let calls = 0;
    const onProgress = (): void => {
      if (++calls === 20) controller.abort();
    };
    const conversion = { source, target: join(directory, "b.gguf"), onProgress, signal: controller.signal };
    await expect(convertToF16(conversion)).rejects.toMatchObject({ code: "interrupted" });
    expect(await readdir(directory)).toEqual(["a.gguf"]);
  });
});

describe("cachedF16", () => {
  async function setUp(): Promise<{
    source: string;
    sourceSha256: Awaited<ReturnType<typeof sha256OfFile>>;
    cacheDirectory: string;
  }> {
    const directory = await scratchDirectory();
    const source = await writeTinyGemma3(join(directory, "a.gguf"), { seed: 3 });
    return { source: source.path, sourceSha256: source.sha256, cacheDirectory: join(directory, "cache") };
  }

  it("converts once", async () => {
    const request = await setUp();
    const first = await cachedF16(request);
    await utimes(first.path, 1, 1);
    expect(await cachedF16(request)).toEqual(first);
    expect((await stat(first.path)).mtimeMs).toBe(1000);
    expect(first.sha256).toBe(await sha256OfFile(first.path));
  });

  it("never uses a file that was cut, changed, or not finished", async () => {
    const request = await setUp();
    const whole = await cachedF16(request);
    const bytes = await readFile(whole.path);
    await truncate(whole.path, 1000);
    expect(await cachedF16(request)).toEqual(whole);
    expect(await sha256OfFile(whole.path)).toBe(whole.sha256);
    const changed = Uint8Array.from(bytes);
    changed[5000] = (changed[5000] as number) ^ 1;
    await writeFile(whole.path, changed);
    expect(await cachedF16(request)).toEqual(whole);
    expect(await sha256OfFile(whole.path)).toBe(whole.sha256);
    // A kill between the two renames leaves a model without its note.
    await writeFile(whole.path, bytes.subarray(0, 4000));
    await writeFile(`${whole.path}.sha256`, "");
    expect(await cachedF16(request)).toEqual(whole);
    expect(await sha256OfFile(whole.path)).toBe(whole.sha256);
  });

  it("sweeps what was left unfinished long ago, and nothing younger", async () => {
    const request = await setUp();
    const { path } = await cachedF16(request);
    await truncate(path, 10);
    await writeFile(`${path}.1.unfinished`, "old");
    await utimes(`${path}.1.unfinished`, 1, 1);
    await writeFile(`${path}.2.unfinished`, "somebody writes this now");
    await cachedF16(request);
    const left = await readdir(join(path, ".."));
    expect(left.sort()).toEqual(["model-f16.gguf", "model-f16.gguf.2.unfinished", "model-f16.gguf.sha256"]);
  });

  it("may be asked for by several at once", async () => {
    const request = await setUp();
    const all = await Promise.all([cachedF16(request), cachedF16(request), cachedF16(request)]);
    expect(new Set(all.map((each) => each.sha256)).size).toBe(1);
    expect(await sha256OfFile(all[0].path)).toBe(all[0].sha256);
  });
});
