import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sha256, sha256OfFile } from "@litmus/core";
import type { Sha256 } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { cachedF16 } from "./cached-f16.ts";
import { convertToF16 } from "./convert-to-f16.ts";
import { gemma3Config } from "./gemma3-config.ts";
import { openGguf } from "./open-gguf.ts";
import { fixturePath } from "./testing/fixture-path.ts";
import { scratchDirectory } from "./testing/scratch-directory.ts";

const source = process.env["LITMUS_TEST_MODEL"] ?? "";
const golden = JSON.parse(readFileSync(fixturePath("model-f16-golden.json"), "utf8")) as {
  sourceSha256: Sha256;
  tensors: Record<string, readonly [type: string, sha256: string]>;
};

describe.skipIf(source === "")("the default policy's file", () => {
  it("is the one that the golden values were made from", async () => {
    expect(await sha256OfFile(source)).toBe(golden.sourceSha256);
  });

  it("converts to the values that llama.cpp's reference dequantises, tensor by tensor", async () => {
    const target = join(await scratchDirectory(), "f16.gguf");
    const startMs = performance.now();
    const converted = await convertToF16({ source, target });
    const seconds = (performance.now() - startMs) / 1000;
    expect(seconds).toBeLessThan(60);
    await using quantised = await openGguf(source);
    await using half = await openGguf(converted.path);
    const found: Record<string, readonly [string, string]> = {};
    for (const name of half.tensors.keys()) {
      found[name] = [quantised.tensors.get(name)?.type ?? "", sha256(await half.readRaw(name))];
    }
    expect(found).toEqual(golden.tensors);
    expect(new Set(Object.values(found).map(([type]) => type))).toEqual(
      new Set(["F32", "Q8_0", "Q5_0", "Q4_K", "Q6_K"]),
    );
    expect(gemma3Config(half)).toEqual(gemma3Config(quantised));
  });

  it("reads embedding rows alone, equal to those of the whole matrix", async () => {
    await using file = await openGguf(source);
    const rows = [0, 262_143, 7, 8, 9, 106];
    const found = await file.readRows("token_embd.weight", rows);
    const raw = await file.readRaw("token_embd.weight");
    // Q8_0, by hand: the scale's half and the byte of the last value of row 106.
    const at = 106 * 20 * 34 + 19 * 34;
    const [scale = 0] = new Float16Array(raw.slice(at, at + 2).buffer);
    expect(found.at(-1)).toBe(Math.fround(scale * new Int8Array(raw.buffer)[at + 33]!));
    expect(found).toHaveLength(6 * 640);
  });

  it("has the sizes of Gemma 3 270M", async () => {
    await using file = await openGguf(source);
    const config = gemma3Config(file);
    expect(config).toMatchObject({
      layers: 18,
      width: 640,
      feedForward: 2048,
      heads: 4,
      keyValueHeads: 1,
      headWidth: 256,
    });
    expect(config).toMatchObject({
      slidingWindow: 512,
      vocabularySize: 262_144,
      queryScale: 1 / 16,
      contextLength: 32_768,
    });
    expect(config.layerKinds.flatMap((kind, layer) => (kind === "global" ? [layer] : []))).toEqual([5, 11, 17]);
    expect([config.ropeBaseGlobal, config.ropeBaseLocal, config.rmsEpsilon]).toEqual([1e6, 1e4, Math.fround(1e-6)]);
  });

  it("leaves nothing usable when its conversion is killed", async () => {
    const cacheDirectory = await scratchDirectory();
    const request = { source, sourceSha256: golden.sourceSha256, cacheDirectory };
    const modulePath = fileURLToPath(new URL("cached-f16.ts", import.meta.url));
    const script = `const { cachedF16 } = await import(${JSON.stringify(modulePath)}); await cachedF16(${JSON.stringify(request)});`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
    const directory = join(cacheDirectory, golden.sourceSha256);
    const names = async (): Promise<string[]> => readdir(directory).catch(() => []);
    while ((await names()).length === 0 && child.exitCode === null) await delay(20);
    await delay(300);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("close", resolve));
    expect(await names()).toEqual([expect.stringMatching(/\.unfinished$/)]);
    const made = await cachedF16(request);
    await using file = await openGguf(made.path);
    expect(file.tensors.size).toBe(236);
  });
});
