import { LitmusError } from "@litmus/core";
import { dequantizeBF16, dequantizeF16, dequantizeF32 } from "./dequantize-plain.ts";
import { dequantizeQ4_K } from "./dequantize-q4-k.ts";
import { dequantizeQ5_0 } from "./dequantize-q5-0.ts";
import { dequantizeQ6_K } from "./dequantize-q6-k.ts";
import { dequantizeQ8_0 } from "./dequantize-q8-0.ts";
import { tensorBytes, tensorLayouts } from "./tensor-type.ts";
import type { TensorType } from "./tensor-type.ts";

const families: Readonly<Record<TensorType, (bytes: Uint8Array, target: Float32Array) => void>> = {
  F32: dequantizeF32,
  F16: dequantizeF16,
  BF16: dequantizeBF16,
  Q8_0: dequantizeQ8_0,
  Q5_0: dequantizeQ5_0,
  Q4_K: dequantizeQ4_K,
  Q6_K: dequantizeQ6_K,
};

/**
 * The values of `count` stored elements, bit-equal to ggml's reference.
 * @throws LitmusError `invalid-input` when the bytes are not exactly whole blocks of `count` elements
 */
export function dequantize(type: TensorType, bytes: Uint8Array, count: number): Float32Array {
  const isWhole = Number.isSafeInteger(count) && count >= 0 && count % tensorLayouts[type].blockElements === 0;
  if (!isWhole || tensorBytes(type, count) !== bytes.byteLength) {
    throw new LitmusError("invalid-input", `${bytes.byteLength} bytes are not ${count} elements of ${type}`);
  }
  const target = new Float32Array(count);
  families[type](bytes, target);
  return target;
}
