/// <reference lib="es2025.float16" />

const words = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits);

/** The value of every half-precision bit pattern: a block's scale is one look-up. */
export const halfValues: Float32Array = Float32Array.from(new Float16Array(words.buffer));

/** Rounds to half precision, to nearest and ties to even; the result holds the bits, little-endian. */
export function toHalf(values: Float32Array): Uint8Array {
  return new Uint8Array(new Float16Array(values).buffer);
}
