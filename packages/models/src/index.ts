export { dequantize } from "./dequantize.ts";
export { gemma3Config, gemma3Shapes } from "./gemma3-config.ts";
export type { Gemma3Config, Gemma3LayerKind } from "./gemma3-config.ts";
export { arrayElements } from "./gguf-array.ts";
export type { GgufTensor } from "./gguf-header.ts";
export type { GgufArray, GgufElementType, GgufNumberType, GgufValue } from "./gguf-value.ts";
export { openGguf } from "./open-gguf.ts";
export type { GgufFile } from "./open-gguf.ts";
export type { TensorType } from "./tensor-type.ts";
