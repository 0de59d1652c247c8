import { halfValues } from "./half-precision.ts";

const blockBytes = 210;
const blockElements = 256;
const highAt = 128;
const scalesAt = 192;
const scaleAt = 208;

/**
 * Q6_K: a super-block of 16 × 16. 128 bytes of low nibbles, 64 bytes of upper bit pairs, 16 signed scales,
 * a half-precision scale; value = (d · scale) · (quant − 32). Each half of 128 elements is four runs of 32.
 */
export function dequantizeQ6_K(bytes: Uint8Array, target: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = target.length / blockElements;
  for (let block = 0; block < blocks; block++) {
    const at = block * blockBytes;
    const d = halfValues[(bytes[at + scaleAt] as number) | ((bytes[at + scaleAt + 1] as number) << 8)] as number;
    for (let run = 0; run < 8; run++) {
      const half = run >> 2;
      const low = at + half * 64 + (run & 1) * 32;
      const lowShift = (run & 2) * 2;
      const high = at + highAt + half * 32;
      const highShift = (run & 3) * 2;
      const out = block * blockElements + run * 32;
      for (let i = 0; i < 32; i++) {
        const scale = Math.fround(d * (signed[at + scalesAt + run * 2 + (i >> 4)] as number));
        const quant =
          (((bytes[low + i] as number) >> lowShift) & 15) | ((((bytes[high + i] as number) >> highShift) & 3) << 4);
        target[out + i] = scale * (quant - 32);
      }
    }
  }
}
