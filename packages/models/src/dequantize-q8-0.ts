import { halfValues } from "./half-precision.ts";

const blockBytes = 34;
const blockElements = 32;

/** Q8_0: a half-precision scale, then 32 signed bytes; value = scale · byte. */
export function dequantizeQ8_0(bytes: Uint8Array, target: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = target.length / blockElements;
  for (let block = 0; block < blocks; block++) {
    const at = block * blockBytes;
    const scale = halfValues[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] as number;
    const out = block * blockElements;
    for (let i = 0; i < blockElements; i++) target[out + i] = scale * (signed[at + 2 + i] as number);
  }
}
