import { halfValues } from "./half-precision.ts";

const blockBytes = 22;
const blockElements = 32;

/**
 * Q5_0: a half-precision scale, 32 fifth bits, 16 bytes of two low nibbles each.
 * Low nibbles give elements 0–15, high nibbles 16–31; value = scale · (quant − 16).
 */
export function dequantizeQ5_0(bytes: Uint8Array, target: Float32Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = target.length / blockElements;
  for (let block = 0; block < blocks; block++) {
    const at = block * blockBytes;
    const scale = halfValues[view.getUint16(at, true)] as number;
    const high = view.getUint32(at + 2, true);
    const out = block * blockElements;
    for (let i = 0; i < 16; i++) {
      const nibbles = bytes[at + 6 + i] as number;
      target[out + i] = scale * (((nibbles & 15) | (((high >>> i) & 1) << 4)) - 16);
      target[out + 16 + i] = scale * (((nibbles >> 4) | (((high >>> (16 + i)) & 1) << 4)) - 16);
    }
  }
}
