import { LitmusError } from "@litmus/core";

/** Reads what {@link ByteWriter} wrote. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #path: string;
  position: number;

  constructor(bytes: Uint8Array, path: string, position = 0) {
    this.#bytes = bytes;
    this.#path = path;
    this.position = position;
  }

  /** @throws LitmusError `corrupt-file` at the end of the bytes */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 56; scale *= 0x80) {
      const byte = this.#bytes[this.position++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new LitmusError("corrupt-file", `${this.#path}: ends in the middle of a number`, { path: this.#path });
  }

  /** A view of the next bytes. @throws LitmusError `corrupt-file` when there are fewer */
  take(count: number): Uint8Array {
    const end = this.position + count;
    if (end > this.#bytes.length) {
      throw new LitmusError("corrupt-file", `${this.#path}: ends too early`, { path: this.#path });
    }
    const view = this.#bytes.subarray(this.position, end);
    this.position = end;
    return view;
  }
}
