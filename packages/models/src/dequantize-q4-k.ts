import { halfValues } from "./half-precision.ts";

const blockBytes = 144;
const blockElements = 256;
const scalesAt = 4;
const quantsAt = 16;

/**
 * Q4_K: a super-block of 8 × 32. Half-precision scale and minimum of the super-block, 12 bytes with a 6-bit scale
 * and minimum for each sub-block, 128 bytes of two nibbles; value = (d · scale) · quant − (dmin · minimum).
 * Every product is exact in single precision (11 + 6 + 4 bits), so that only the difference is rounded.
 */
export function dequantizeQ4_K(bytes: Uint8Array, target: Float32Array): void {
  const blocks = target.length / blockElements;
  for (let block = 0; block < blocks; block++) {
    const at = block * blockBytes;
    const d = halfValues[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] as number;
    const dmin = halfValues[(bytes[at + 2] as number) | ((bytes[at + 3] as number) << 8)] as number;
    for (let sub = 0; sub < 8; sub++) {
      const scale = d * subScale(bytes, at + scalesAt, sub);
      const minimum = dmin * subMinimum(bytes, at + scalesAt, sub);
      const quants = at + quantsAt + (sub >> 1) * 32;
      const shift = (sub & 1) * 4;
      const out = block * blockElements + sub * 32;
      for (let i = 0; i < 32; i++) {
        target[out + i] = scale * (((bytes[quants + i] as number) >> shift) & 15) - minimum;
      }
    }
  }
}

/** The first four scales are the low 6 bits of bytes 0–3; the others join bytes 8–11 with the top bits of 0–3. */
function subScale(bytes: Uint8Array, at: number, sub: number): number {
  if (sub < 4) return (bytes[at + sub] as number) & 63;
  return ((bytes[at + sub + 4] as number) & 15) | (((bytes[at + sub - 4] as number) >> 6) << 4);
}

/** As the scales, from bytes 4–7 and the upper nibbles of 8–11. */
function subMinimum(bytes: Uint8Array, at: number, sub: number): number {
  if (sub < 4) return (bytes[at + sub + 4] as number) & 63;
  return ((bytes[at + sub + 4] as number) >> 4) | (((bytes[at + sub] as number) >> 6) << 4);
}
