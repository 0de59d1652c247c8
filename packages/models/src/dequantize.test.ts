import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { dequantize } from "./dequantize.ts";
import { toHalf } from "./half-precision.ts";
import { tensorTypes } from "./tensor-type.ts";

interface Golden {
  readonly bytes: string;
  readonly values: string;
}

const goldenPath = new URL("../fixtures/dequantise-golden.json", import.meta.url);
const golden = JSON.parse(readFileSync(goldenPath, "utf8")) as Record<string, Golden>;

function goldenOf(name: string): { bytes: Uint8Array; values: Uint8Array } {
  const { bytes = "", values = "" } = golden[name] ?? {};
  return {
    bytes: Uint8Array.from(Buffer.from(bytes, "base64")),
    values: Uint8Array.from(Buffer.from(values, "base64")),
  };
}

const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

describe("dequantize", () => {
  it.each(tensorTypes)("gives the bits that llama.cpp's reference gives: %s", (type) => {
    const { bytes, values } = goldenOf(type);
    const count = values.byteLength / 4;
    expect(count).toBeGreaterThanOrEqual(96);
    expect(bitsOf(dequantize(type, bytes, count))).toEqual(new Uint32Array(values.buffer));
  });

  it("reads blocks that lie at an odd address", () => {
    for (const type of tensorTypes) {
      const { bytes, values } = goldenOf(type);
      const shifted = new Uint8Array(bytes.length + 1);
      shifted.set(bytes, 1);
      const found = dequantize(type, shifted.subarray(1), values.byteLength / 4);
      expect(bitsOf(found)).toEqual(new Uint32Array(values.buffer));
    }
  });

  it("refuses bytes that are not whole blocks", () => {
    expect(() => dequantize("Q8_0", new Uint8Array(33), 32)).toThrow("33 bytes are not 32 elements of Q8_0");
    expect(() => dequantize("Q4_K", new Uint8Array(18), 32)).toThrow("not 32 elements");
    expect(() => dequantize("F32", new Uint8Array(4), 1e300)).toThrow("elements of F32");
    expect(dequantize("Q6_K", new Uint8Array(0), 0)).toHaveLength(0);
  });
});

describe("toHalf", () => {
  it("rounds to nearest even as numpy does", () => {
    const { bytes, values } = goldenOf("toHalf");
    expect(Buffer.from(toHalf(new Float32Array(bytes.buffer))).equals(Buffer.from(values))).toBe(true);
  });
});
