/** GGUF value types by their id in the file. */
export const ggufScalarTypes = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "bool",
  "string",
  "array",
  "uint64",
  "int64",
  "float64",
] as const;

export type GgufNumberType = "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32" | "float64";
export type GgufElementType = Exclude<(typeof ggufScalarTypes)[number], "array">;

/** Elements of an array as the file holds them; {@link arrayElements} decodes them. */
export interface GgufArray {
  readonly type: "array";
  readonly elementType: GgufElementType;
  readonly length: number;
  readonly bytes: Uint8Array;
}

/** One metadata value with the type that the file gives it, so that it can be written back unchanged. */
export type GgufValue =
  | { readonly type: GgufNumberType; readonly value: number }
  | { readonly type: "uint64" | "int64"; readonly value: bigint }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | GgufArray;

/** Bytes of one element; strings have no fixed width. */
export const elementBytes: Readonly<Record<Exclude<GgufElementType, "string">, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  uint64: 8,
  int64: 8,
  float64: 8,
};
