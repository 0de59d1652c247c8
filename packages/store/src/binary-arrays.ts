/**
 * @file Arrays as Postgres' `array_send` writes them (PostgreSQL 17, utils/adt/arrayfuncs.c, array_send): as text, a long array of
 * doubles takes Postgres and JavaScript twice as long. Big-endian; five words of 32 bits (dimensions, whether there are nulls,
 * type, length, lower bound), then each element after the word of its length.
 */
const headBytes = 20;
const lengthBytes = 4;

/** The elements of a `double precision[]` of one dimension, without nulls. */
export const doublesOf = (sent: Uint8Array): number[] => elements(sent, 8, (view, at) => view.getFloat64(at));

/** The elements of an `integer[]` of one dimension, without nulls. */
export const integersOf = (sent: Uint8Array): number[] => elements(sent, 4, (view, at) => view.getInt32(at));

function elements(sent: Uint8Array, bytes: number, read: (view: DataView, at: number) => number): number[] {
  const view = new DataView(sent.buffer, sent.byteOffset, sent.byteLength);
  const count = (sent.byteLength - headBytes) / (lengthBytes + bytes);
  return Array.from({ length: count }, (_, i) => read(view, headBytes + i * (lengthBytes + bytes) + lengthBytes));
}
