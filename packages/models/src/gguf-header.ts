/**
 * @file The head of a GGUF file (versions 2 and 3, little-endian): metadata and the table of tensors.
 * Departs from ggml's reader: no count of the file is believed before the bytes that it promises are known to exist.
 */
import { LitmusError } from "@litmus/core";
import { ByteCursor, WindowEnded } from "./byte-cursor.ts";
import { elementBytes, ggufScalarTypes } from "./gguf-value.ts";
import type { GgufArray, GgufValue } from "./gguf-value.ts";
import { tensorBytes, tensorLayouts, tensorTypeOfId } from "./tensor-type.ts";
import type { TensorType } from "./tensor-type.ts";

/** One tensor of the table. */
export interface GgufTensor {
  readonly name: string;
  readonly type: TensorType;
  /** Row-major: [out, in] for a matrix. */
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** Where the header came from: for messages and for the bounds. */
export interface HeaderSource {
  readonly path: string;
  readonly fileBytes: number;
}

export const ggufMagic = 0x46554747;
export const defaultAlignment = 32;
const maxNameBytes = 1 << 16;
const maxDimensions = 4;
/** A key, a type and one byte: no entry is smaller. */
const minEntryBytes = 13;
const minTensorBytes = 24;

class HeaderReader {
  readonly source: HeaderSource;
  readonly cursor: ByteCursor;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(window: Uint8Array, source: HeaderSource) {
    this.source = source;
    this.cursor = new ByteCursor(window);
  }

  corrupt(what: string): LitmusError {
    return corruptGguf(this.source.path, `${what} (at byte ${this.cursor.offset})`);
  }

  /** A count whose items of at least `itemBytes` each still fit in the file. */
  count(what: string, itemBytes: number): number {
    const count = this.cursor.count();
    const left = this.source.fileBytes - this.cursor.offset;
    if (count * itemBytes > left) throw this.corrupt(`${what}: ${count} do not fit in the ${left} bytes left`);
    return count;
  }

  text(what: string, maxBytes: number): string {
    const length = this.count(`${what}, length`, 1);
    if (length > maxBytes) throw this.corrupt(`${what} of ${length} bytes is longer than ${maxBytes}`);
    const bytes = this.cursor.take(length);
    try {
      return this.#decoder.decode(bytes);
    } catch {
      throw this.corrupt(`${what} is not UTF-8`);
    }
  }

  value(key: string): GgufValue {
    const type = ggufScalarTypes[this.cursor.uint32()];
    if (type === undefined) throw this.corrupt(`the value of "${key}" has no known type`);
    if (type === "array") return this.array(key);
    if (type === "string") return { type, value: this.text(`the value of "${key}"`, this.source.fileBytes) };
    if (type === "bool") return { type, value: this.bool(key) };
    if (type === "uint64" || type === "int64") return { type, value: this.cursor[type]() };
    return { type, value: this.cursor[type]() };
  }

  bool(key: string): boolean {
    const byte = this.cursor.uint8();
    if (byte > 1) throw this.corrupt(`the value of "${key}" is ${byte}, not a truth value`);
    return byte === 1;
  }

  array(key: string): GgufArray {
    const elementType = ggufScalarTypes[this.cursor.uint32()];
    if (elementType === undefined || elementType === "array") {
      throw this.corrupt(`the array "${key}" has elements of an unknown type`);
    }
    const width = elementType === "string" ? 8 : elementBytes[elementType];
    const length = this.count(`the elements of "${key}"`, width);
    const start = this.cursor.offset;
    if (elementType === "string") {
      for (let i = 0; i < length; i++) this.cursor.skip(this.count(`element ${i} of "${key}"`, 1));
    } else {
      this.cursor.skip(length * width);
    }
    // A copy, so that the header's window can be freed.
    return { type: "array", elementType, length, bytes: this.cursor.bytes.slice(start, this.cursor.offset) };
  }

  tensorEntry(): { readonly tensor: Omit<GgufTensor, "offset">; readonly relativeOffset: number } {
    const name = this.text("a tensor's name", maxNameBytes);
    const dimensions = this.cursor.uint32();
    if (dimensions < 1 || dimensions > maxDimensions) {
      throw this.corrupt(`tensor "${name}" has ${dimensions} dimensions`);
    }
    const shape = Array.from({ length: dimensions }, () => this.cursor.count()).reverse();
    const type = this.tensorType(name);
    const byteLength = this.tensorByteLength(name, type, shape);
    return { tensor: { name, type, shape, byteLength }, relativeOffset: this.cursor.count() };
  }

  tensorType(name: string): TensorType {
    const id = this.cursor.uint32();
    const type = tensorTypeOfId(id);
    if (type !== undefined) return type;
    throw new LitmusError("incompatible", `${this.source.path}: tensor "${name}" has the unsupported type ${id}`, {
      path: this.source.path,
      hint: "use a file whose tensors are F32, F16, BF16, Q8_0, Q5_0, Q4_K or Q6_K",
    });
  }

  tensorByteLength(name: string, type: TensorType, shape: readonly number[]): number {
    const elements = shape.reduce((product, size) => product * size, 1);
    const rowElements = shape.at(-1) ?? 0;
    if (elements < 1 || !Number.isSafeInteger(elements)) {
      throw this.corrupt(`tensor "${name}" has the shape [${shape.join(", ")}]`);
    }
    if (rowElements % tensorLayouts[type].blockElements !== 0) {
      throw this.corrupt(`tensor "${name}": rows of ${rowElements} are no whole blocks of ${type}`);
    }
    return tensorBytes(type, elements);
  }
}

/** A file that breaks the format. */
export function corruptGguf(path: string, what: string): LitmusError {
  return new LitmusError("corrupt-file", `${path}: ${what}`, { path, hint: "fetch or write the file again" });
}

/**
 * Parses the head of a file from a window over its first bytes.
 * @throws WindowEnded when a longer window is needed and the file has one
 * @throws LitmusError `corrupt-file` or `incompatible`, saying what and where
 */
export function parseGgufHeader(window: Uint8Array, source: HeaderSource): GgufHeader {
  const reader = new HeaderReader(window, source);
  try {
    return readHeader(reader);
  } catch (error) {
    if (error instanceof WindowEnded && error.neededBytes > source.fileBytes) {
      throw reader.corrupt(`the file ends at byte ${source.fileBytes}, within its header`);
    }
    throw error;
  }
}

function readHeader(reader: HeaderReader): GgufHeader {
  if (reader.cursor.uint32() !== ggufMagic) throw reader.corrupt("this is no GGUF file: its first bytes differ");
  const version = reader.cursor.uint32();
  if (version !== 2 && version !== 3) {
    throw new LitmusError("incompatible", `${reader.source.path}: GGUF version ${version} is not supported`, {
      path: reader.source.path,
      hint: "convert the file to GGUF version 3, little-endian",
    });
  }
  const tensorCount = reader.count("tensors", minTensorBytes);
  const entryCount = reader.count("metadata entries", minEntryBytes);
  const metadata = readMetadata(reader, entryCount);
  return { metadata, tensors: readTensors(reader, tensorCount, alignmentOf(reader, metadata)) };
}

function readMetadata(reader: HeaderReader, entryCount: number): Map<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < entryCount; i++) {
    const key = reader.text("a metadata key", maxNameBytes);
    if (metadata.has(key)) throw reader.corrupt(`the key "${key}" occurs twice`);
    metadata.set(key, reader.value(key));
  }
  return metadata;
}

function alignmentOf(reader: HeaderReader, metadata: ReadonlyMap<string, GgufValue>): number {
  const entry = metadata.get("general.alignment");
  if (entry === undefined) return defaultAlignment;
  if (entry.type !== "uint32" || !isPowerOfTwo(entry.value)) {
    throw reader.corrupt("general.alignment is no power of two");
  }
  return entry.value;
}

function readTensors(reader: HeaderReader, tensorCount: number, alignment: number): Map<string, GgufTensor> {
  const entries = [];
  for (let i = 0; i < tensorCount; i++) entries.push(reader.tensorEntry());
  const dataStart = alignUp(reader.cursor.offset, alignment);
  const tensors = new Map<string, GgufTensor>();
  for (const { tensor, relativeOffset } of entries) {
    const offset = dataStart + relativeOffset;
    if (tensors.has(tensor.name)) throw reader.corrupt(`the tensor "${tensor.name}" occurs twice`);
    if (relativeOffset % alignment !== 0) throw reader.corrupt(`tensor "${tensor.name}" is not aligned`);
    if (offset + tensor.byteLength > reader.source.fileBytes) {
      const end = offset + tensor.byteLength;
      throw corruptGguf(
        reader.source.path,
        `tensor "${tensor.name}" ends at byte ${end}, but the file at byte ${reader.source.fileBytes}`,
      );
    }
    tensors.set(tensor.name, { ...tensor, offset });
  }
  refuseOverlap(reader, [...tensors.values()]);
  return tensors;
}

function refuseOverlap(reader: HeaderReader, tensors: readonly GgufTensor[]): void {
  let end = 0;
  for (const tensor of [...tensors].sort((a, b) => a.offset - b.offset)) {
    if (tensor.offset < end) throw reader.corrupt(`tensor "${tensor.name}" overlaps another`);
    end = tensor.offset + tensor.byteLength;
  }
}

export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && Number.isInteger(Math.log2(value));
}

/** The next multiple of the alignment. */
export function alignUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}
