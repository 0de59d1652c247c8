import { halfValues } from "./half-precision.ts";

/** Copies little-endian single-precision values. */
export function dequantizeF32(bytes: Uint8Array, target: Float32Array): void {
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes.subarray(0, target.byteLength));
}

/** Widens half precision; exact. */
export function dequantizeF16(bytes: Uint8Array, target: Float32Array): void {
  for (let i = 0; i < target.length; i++) {
    target[i] = halfValues[(bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8)] as number;
  }
}

/** Widens bfloat16, the upper half of a single-precision value; exact. */
export function dequantizeBF16(bytes: Uint8Array, target: Float32Array): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < target.length; i++) {
    words[i] = ((bytes[2 * i] as number) << 16) | ((bytes[2 * i + 1] as number) << 24);
  }
}
