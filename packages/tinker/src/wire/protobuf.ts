/**
 * @file The part of protocol buffers that the API uses: varints, doubles, and fields with a length.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
import { LitmusError } from "@litmus/core";

const wireTypes = { varint: 0, double: 1, length: 2, float: 5 } as const;

/** A varint: seven bits a byte, the lowest first. @param value an integer; a negative one takes ten bytes */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

const tag = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType);

export function varintField(field: number, value: number): Uint8Array {
  return concat([tag(field, wireTypes.varint), varint(value)]);
}

/** A text, bytes, or an embedded message. */
export function lengthField(field: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return concat([tag(field, wireTypes.length), varint(bytes.length), bytes]);
}

/** The fields of one message, by number; a field that occurs several times keeps its order. */
export class Message {
  readonly #numbers = new Map<number, number[]>();
  readonly #contents = new Map<number, Uint8Array[]>();

  /** @throws LitmusError `invalid-data` when the bytes are no message */
  constructor(bytes: Uint8Array) {
    const reader = new Reader(bytes);
    while (!reader.isAtEnd) {
      const key = reader.varint();
      const [field, wireType] = [Math.floor(key / 8), key % 8];
      if (wireType === wireTypes.length) append(this.#contents, field, reader.bytes(reader.varint()));
      else append(this.#numbers, field, reader.number(wireType));
    }
  }

  /** The last value; proto3 leaves zeros out. */
  number(field: number): number {
    return this.#numbers.get(field)?.at(-1) ?? 0;
  }

  /** The last value; null where the field is missing. */
  bytes(field: number): Uint8Array | null {
    return this.#contents.get(field)?.at(-1) ?? null;
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field) ?? new Uint8Array());
  }

  messages(field: number): Message[] {
    return (this.#contents.get(field) ?? []).map((bytes) => new Message(bytes));
  }
}

function append<T>(map: Map<number, T[]>, field: number, value: T): void {
  const values = map.get(field);
  if (values === undefined) map.set(field, [value]);
  else values.push(value);
}

class Reader {
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#view.byteLength;
  }

  varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#view.getUint8(this.#take(1));
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw malformed("a number has more than ten bytes");
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  number(wireType: number): number {
    if (wireType === wireTypes.varint) return this.varint();
    if (wireType === wireTypes.double) return this.#view.getFloat64(this.#take(8), true);
    if (wireType === wireTypes.float) return this.#view.getFloat32(this.#take(4), true);
    throw malformed(`wire type ${wireType} is not known`);
  }

  /** Where the next bytes begin, once they are known to be there. */
  #take(length: number): number {
    const start = this.#offset;
    if (length < 0 || start + length > this.#view.byteLength) throw malformed("it ends in the middle of a field");
    this.#offset += length;
    return start;
  }
}

const malformed = (what: string): LitmusError =>
  new LitmusError("invalid-data", `the server's protobuf message is malformed: ${what}`);
