import { LitmusError } from "@litmus/core";
import { encodeGgufHeader } from "./encode-gguf.ts";
import type { TensorEntry } from "./encode-gguf.ts";
import type { GgufValue } from "./gguf-value.ts";
import { writeAtomically } from "./write-atomically.ts";
import type { FileSink, WrittenFile } from "./write-atomically.ts";

/** A tensor to write; its bytes as stored, at once or as a stream asked for when its turn comes. */
export interface TensorSource extends TensorEntry {
  readonly data: Uint8Array | (() => AsyncIterable<Uint8Array>);
}

export interface GgufContent {
  /** Written in this order. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** Written in this order. */
  readonly tensors: readonly TensorSource[];
}

/**
 * Writes a GGUF file, version 3: temporary name, sync, rename. Equal content gives equal bytes.
 * @throws LitmusError `invalid-input` when a tensor's bytes do not fit its shape; `out-of-space`
 */
export async function writeGguf(path: string, content: GgufContent): Promise<WrittenFile> {
  const header = encodeGgufHeader(content.metadata, content.tensors);
  return writeAtomically(path, { byteLength: header.fileBytes }, async (sink) => {
    await sink(header.bytes);
    for (const [index, tensor] of content.tensors.entries()) {
      const expectedBytes = header.tensorBytes[index] ?? 0;
      await writeTensor(sink, tensor, expectedBytes);
      await sink(new Uint8Array((header.alignment - (expectedBytes % header.alignment)) % header.alignment));
    }
  });
}

async function writeTensor(sink: FileSink, tensor: TensorSource, expectedBytes: number): Promise<void> {
  let written = 0;
  const chunks = typeof tensor.data === "function" ? tensor.data() : [tensor.data];
  for await (const chunk of chunks) {
    written += chunk.byteLength;
    await sink(chunk);
  }
  if (written !== expectedBytes) {
    throw new LitmusError("invalid-input", `tensor "${tensor.name}" has ${written} bytes, its shape ${expectedBytes}`);
  }
}

/** Values as stored bytes, without a copy. */
export function singlePrecisionBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
