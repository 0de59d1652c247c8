/** @file Numbers as little-endian bytes. They are copied on the way in: a slice of a message need not be aligned. */
import { LitmusError } from "@litmus/core";

type NumberType = "int32" | "int64" | "float32";

const bytesPerElement = { int32: 4, int64: 8, float32: 4 } as const;

export function numberBytes(type: NumberType, values: readonly number[]): Uint8Array {
  const size = bytesPerElement[type];
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, i) => {
    if (type === "int32") view.setInt32(i * size, value, true);
    else if (type === "int64") view.setBigInt64(i * size, BigInt(value), true);
    else view.setFloat32(i * size, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** @throws LitmusError `invalid-data` when the length is no multiple of the element's */
export function numbersOf(type: NumberType, bytes: Uint8Array): number[] {
  const size = bytesPerElement[type];
  if (bytes.length % size !== 0) {
    throw new LitmusError(
      "invalid-data",
      `${bytes.length} bytes from the server are no whole number of ${type} values`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / size }, (_, i) => {
    if (type === "int32") return view.getInt32(i * size, true);
    return type === "int64" ? Number(view.getBigInt64(i * size, true)) : view.getFloat32(i * size, true);
  });
}
