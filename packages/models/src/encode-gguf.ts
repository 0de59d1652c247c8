import { LitmusError } from "@litmus/core";
import { alignUp, defaultAlignment, ggufMagic, isPowerOfTwo } from "./gguf-header.ts";
import { elementBytes, ggufScalarTypes } from "./gguf-value.ts";
import type { GgufArray, GgufElementType, GgufNumberType, GgufValue } from "./gguf-value.ts";
import { tensorBytes, tensorLayouts } from "./tensor-type.ts";
import type { TensorType } from "./tensor-type.ts";

const version = 3;

/** What the table of tensors says of one. */
export interface TensorEntry {
  readonly name: string;
  readonly type: TensorType;
  /** Row-major: [out, in] for a matrix. */
  readonly shape: readonly number[];
}

/** The head of a file, padded to the first tensor, and where each tensor lies behind it. */
export interface EncodedHeader {
  readonly bytes: Uint8Array;
  readonly alignment: number;
  /** Unpadded, in the order of the entries. */
  readonly tensorBytes: readonly number[];
  readonly fileBytes: number;
}

/** Encodes metadata and table. Equal arguments give equal bytes. @throws LitmusError `invalid-input` on a bad shape */
export function encodeGgufHeader(
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly TensorEntry[],
): EncodedHeader {
  const entry = metadata.get("general.alignment");
  const alignment = entry?.type === "uint32" ? entry.value : defaultAlignment;
  if (!isPowerOfTwo(alignment))
    throw new LitmusError("invalid-input", `an alignment of ${alignment} is no power of two`);
  const sizes = tensors.map(byteLengthOf);
  const parts = [uint32(ggufMagic), uint32(version), uint64(tensors.length), uint64(metadata.size)];
  for (const [key, value] of metadata) parts.push(text(key), ...typedValue(value));
  let offset = 0;
  for (const [index, tensor] of tensors.entries()) {
    parts.push(text(tensor.name), uint32(tensor.shape.length), ...[...tensor.shape].reverse().map(uint64));
    parts.push(uint32(tensorLayouts[tensor.type].id), uint64(offset));
    offset += alignUp(sizes[index] ?? 0, alignment);
  }
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const bytes = Buffer.concat(parts, alignUp(length, alignment));
  return { bytes, alignment, tensorBytes: sizes, fileBytes: bytes.byteLength + offset };
}

function byteLengthOf(tensor: TensorEntry): number {
  const elements = tensor.shape.reduce((product, size) => product * size, 1);
  const isWhole = (tensor.shape.at(-1) ?? 0) % tensorLayouts[tensor.type].blockElements === 0;
  const isSane = tensor.shape.length >= 1 && tensor.shape.length <= 4 && tensor.shape.every((size) => size >= 1);
  if (!isWhole || !isSane || !Number.isSafeInteger(elements)) {
    throw new LitmusError(
      "invalid-input",
      `tensor "${tensor.name}": [${tensor.shape.join(", ")}] is no ${tensor.type} shape`,
    );
  }
  return tensorBytes(tensor.type, elements);
}

/** An array value of these elements. */
export function ggufArray(elementType: GgufNumberType | "string", elements: readonly (number | string)[]): GgufArray {
  const bytes = Buffer.concat(elements.map((element) => plainValue(elementType, element)));
  return { type: "array", elementType, length: elements.length, bytes };
}

function typedValue(value: GgufValue): Uint8Array[] {
  const type = uint32(ggufScalarTypes.indexOf(value.type));
  if (value.type !== "array") return [type, plainValue(value.type, value.value)];
  return [type, uint32(ggufScalarTypes.indexOf(value.elementType)), uint64(value.length), value.bytes];
}

function plainValue(type: GgufElementType, value: number | bigint | boolean | string): Uint8Array {
  if (type === "string") return text(String(value));
  const bytes = new Uint8Array(elementBytes[type]);
  const view = new DataView(bytes.buffer);
  const setters: Record<typeof type, () => void> = {
    uint8: () => view.setUint8(0, Number(value)),
    int8: () => view.setInt8(0, Number(value)),
    uint16: () => view.setUint16(0, Number(value), true),
    int16: () => view.setInt16(0, Number(value), true),
    uint32: () => view.setUint32(0, Number(value), true),
    int32: () => view.setInt32(0, Number(value), true),
    float32: () => view.setFloat32(0, Number(value), true),
    float64: () => view.setFloat64(0, Number(value), true),
    bool: () => view.setUint8(0, value === true ? 1 : 0),
    uint64: () => view.setBigUint64(0, BigInt(value), true),
    int64: () => view.setBigInt64(0, BigInt(value), true),
  };
  setters[type]();
  return bytes;
}

const uint32 = (value: number): Uint8Array => plainValue("uint32", value);
const uint64 = (value: number): Uint8Array => plainValue("uint64", value);

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint64(bytes.byteLength), bytes]);
}
