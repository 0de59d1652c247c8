/** Thrown when a cursor's window ends before the value does; more of the file may mend it. */
export class WindowEnded extends Error {
  readonly neededBytes: number;

  constructor(neededBytes: number) {
    super(`the window ends before byte ${neededBytes}`);
    this.name = "WindowEnded";
    this.neededBytes = neededBytes;
  }
}

/** Reads little-endian values forward; every read is checked against the window first. */
export class ByteCursor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  /** Moves over `count` bytes. @throws WindowEnded */
  skip(count: number): number {
    const start = this.#offset;
    const end = start + count;
    if (end > this.bytes.byteLength) throw new WindowEnded(end);
    this.#offset = end;
    return start;
  }

  /** A view, not a copy. */
  take(count: number): Uint8Array {
    const start = this.skip(count);
    return this.bytes.subarray(start, start + count);
  }

  uint8 = (): number => this.#view.getUint8(this.skip(1));
  int8 = (): number => this.#view.getInt8(this.skip(1));
  uint16 = (): number => this.#view.getUint16(this.skip(2), true);
  int16 = (): number => this.#view.getInt16(this.skip(2), true);
  uint32 = (): number => this.#view.getUint32(this.skip(4), true);
  int32 = (): number => this.#view.getInt32(this.skip(4), true);
  float32 = (): number => this.#view.getFloat32(this.skip(4), true);
  float64 = (): number => this.#view.getFloat64(this.skip(8), true);
  uint64 = (): bigint => this.#view.getBigUint64(this.skip(8), true);
  int64 = (): bigint => this.#view.getBigInt64(this.skip(8), true);
  /** A uint64 as a number; inexact above 2^53, where every limit check refuses it. */
  count = (): number => {
    const start = this.skip(8);
    return this.#view.getUint32(start, true) + this.#view.getUint32(start + 4, true) * 4294967296;
  };
}
