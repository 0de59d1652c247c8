import { ByteCursor } from "./byte-cursor.ts";
import type { GgufArray, GgufElementType } from "./gguf-value.ts";

/** Decodes an array's elements. Strings that are not UTF-8 get replacement characters. */
export function arrayElements(array: GgufArray): readonly (number | bigint | boolean | string)[] {
  const cursor = new ByteCursor(array.bytes);
  const read = elementReader(cursor, array.elementType);
  return Array.from({ length: array.length }, () => read());
}

function elementReader(cursor: ByteCursor, type: GgufElementType): () => number | bigint | boolean | string {
  if (type === "bool") return () => cursor.uint8() !== 0;
  if (type !== "string") return cursor[type];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return () => decoder.decode(cursor.take(cursor.count()));
}
