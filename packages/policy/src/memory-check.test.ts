import type { GgufValue } from "@litmus/models";
import { describe, expect, it } from "vitest";
import { fewestCacheBytes } from "./memory-check.ts";

const file = (entries: Record<string, number>) => {
  const metadata = new Map<string, GgufValue>([["general.architecture", { type: "string", value: "x" }]]);
  for (const [key, value] of Object.entries(entries)) metadata.set(`x.${key}`, { type: "uint32", value });
  return { metadata };
};
const gemma = {
  block_count: 18,
  "attention.head_count_kv": 1,
  "attention.key_length": 256,
  "attention.value_length": 256,
};

describe("fewestCacheBytes", () => {
  it("is 18 kB a token for Gemma 3 270M where every layer keeps everything", () => {
    expect(fewestCacheBytes(file(gemma), { contextTokens: 100, sequences: 3, batchTokens: 10 })).toBe(
      3 * 100 * 18 * 1024,
    );
  });

  it("counts no more than the window and a batch for sliding layers", () => {
    const windowed = file({ ...gemma, "attention.sliding_window": 512 });
    const size = { contextTokens: 4096, sequences: 1, batchTokens: 256 };
    expect(fewestCacheBytes(windowed, size)).toBe((3 * 4096 + 15 * 768) * 1024);
  });

  it("is nothing where the file does not say", () => {
    expect(fewestCacheBytes({ metadata: new Map() }, { contextTokens: 9, sequences: 9, batchTokens: 9 })).toBe(0);
  });
});
