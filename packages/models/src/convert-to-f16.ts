import { LitmusError } from "@litmus/core";
import type { GgufTensor } from "./gguf-header.ts";
import type { GgufValue } from "./gguf-value.ts";
import { toHalf } from "./half-precision.ts";
import { openGguf } from "./open-gguf.ts";
import type { GgufFile } from "./open-gguf.ts";
import { throwIfAborted } from "./throw-if-aborted.ts";
import type { WrittenFile } from "./write-atomically.ts";
import { singlePrecisionBytes, writeGguf } from "./write-gguf.ts";
import type { TensorSource } from "./write-gguf.ts";

/** How far a long piece of work on files has come. */
export interface ByteProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface Conversion {
  readonly source: string;
  readonly target: string;
  /** Counts the source's tensor bytes. */
  readonly onProgress?: (progress: ByteProgress) => void;
  readonly signal?: AbortSignal;
}

/** llama.cpp's number for "mostly F16". */
const fileTypeF16 = 1;
/** Enough to keep the loops hot, small enough to stay in the cache. */
const chunkElements = 1 << 20;

/**
 * Writes a model's matrices in half precision (rounded to nearest even) and its vectors in single precision; metadata
 * is kept but for `general.file_type`. The target is whole or untouched, and equal sources give equal targets.
 * Quantised kernels depend on the batch; these weights give the same log-probabilities to about 1e-3 in any batch.
 * @throws LitmusError `corrupt-file`, `incompatible` (a value beyond half precision), `out-of-space`, `interrupted`
 */
export async function convertToF16(conversion: Conversion): Promise<WrittenFile> {
  await using file = await openGguf(conversion.source);
  const report = progressReporter(file, conversion);
  return await writeGguf(conversion.target, {
    metadata: withFileType(file.metadata),
    tensors: [...file.tensors.values()].map((tensor) => converted(file, tensor, report)),
  });
}

function progressReporter(file: GgufFile, conversion: Conversion): (bytes: number) => void {
  const totalBytes = [...file.tensors.values()].reduce((sum, tensor) => sum + tensor.byteLength, 0);
  let doneBytes = 0;
  return (bytes) => {
    throwIfAborted(conversion.signal, `the conversion of ${conversion.source}`);
    doneBytes += bytes;
    conversion.onProgress?.({ doneBytes, totalBytes });
  };
}

function withFileType(metadata: ReadonlyMap<string, GgufValue>): Map<string, GgufValue> {
  return new Map(metadata).set("general.file_type", { type: "uint32", value: fileTypeF16 });
}

function converted(file: GgufFile, tensor: GgufTensor, report: (bytes: number) => void): TensorSource {
  const { name, shape } = tensor;
  const type = shape.length === 1 ? "F32" : "F16";
  return { name, shape, type, data: () => convertedChunks(file, tensor, report) };
}

async function* convertedChunks(
  file: GgufFile,
  tensor: GgufTensor,
  report: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const width = tensor.shape.at(-1) ?? 1;
  const rowCount = tensor.shape.reduce((product, size) => product * size, 1) / width;
  const chunkRows = Math.max(1, Math.floor(chunkElements / width));
  for (let first = 0; first < rowCount; first += chunkRows) {
    const rows = Array.from({ length: Math.min(chunkRows, rowCount - first) }, (_, i) => first + i);
    report(0);
    const values = await file.readRows(tensor.name, rows);
    yield tensor.shape.length === 1 ? singlePrecisionBytes(values) : halfOf(values, file, tensor);
    report((tensor.byteLength / rowCount) * rows.length);
  }
}

function halfOf(values: Float32Array, file: GgufFile, tensor: GgufTensor): Uint8Array {
  const bytes = toHalf(values);
  const halves = new Uint16Array(bytes.buffer);
  for (let i = 0; i < halves.length; i++) {
    // All exponent bits set: infinite, or not a number.
    if (((halves[i] as number) & 0x7c00) === 0x7c00) {
      throw new LitmusError(
        "incompatible",
        `${file.path}: "${tensor.name}" holds ${values[i]}, beyond half precision`,
        {
          path: file.path,
        },
      );
    }
  }
  return bytes;
}
