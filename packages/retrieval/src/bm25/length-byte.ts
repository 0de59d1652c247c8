/** @file Lucene's 8-bit document lengths (SmallFloat): exact up to 40, above that four significant bits, rounded down. */

/** Lengths below this are stored as they are; the rest is shifted by it. */
const exactLengths = 24;

/** The byte of a length in tokens, at least 0. */
export function encodeLength(length: number): number {
  return length < exactLengths ? length : exactLengths + encodeFloat(length - exactLengths);
}

/** The length that a byte stands for, in tokens. */
export function decodeLength(byte: number): number {
  return byte < exactLengths ? byte : exactLengths + decodeFloat(byte - exactLengths);
}

function encodeFloat(value: number): number {
  const bits = 32 - Math.clz32(value);
  if (bits < 4) return value;
  const shift = bits - 4;
  return ((value >>> shift) & 7) | ((shift + 1) << 3);
}

function decodeFloat(code: number): number {
  const shift = (code >>> 3) - 1;
  return shift < 0 ? code & 7 : ((code & 7) | 8) * 2 ** shift;
}
