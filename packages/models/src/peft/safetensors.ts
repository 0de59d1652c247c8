/**
 * @file Files of tensors as Hugging Face has them: 8 bytes of header length, a JSON header, then the tensors' bytes.
 * @see https://github.com/huggingface/safetensors#format
 */
import { readFile } from "node:fs/promises";
import { LitmusError, toLitmusError } from "@litmus/core";
import { z } from "zod";
import { writeAtomically, type WrittenFile } from "../write-atomically.ts";
import { singlePrecisionBytes } from "../write-gguf.ts";

/** A matrix or vector in single precision, row-major. */
export interface SafeTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const entry = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const metadata = z.record(z.string(), z.string());
const lengthBytes = 8;

/** Writes tensors in single precision; equal content gives equal bytes, in whatever order the tensors come. */
export async function writeSafetensors(path: string, tensors: readonly SafeTensor[]): Promise<WrittenFile> {
  const ordered = [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
  let end = 0;
  const entries = ordered.map(({ name, shape, values }) => {
    const start = end;
    end += values.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [start, end] }];
  });
  const json = JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) });
  // Padded with spaces, so that the tensors begin at a multiple of 8.
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(header.byteLength));
  return writeAtomically(path, { byteLength: lengthBytes + header.byteLength + end }, async (sink) => {
    await sink(length);
    await sink(header);
    for (const { values } of ordered) await sink(singlePrecisionBytes(values));
  });
}

/**
 * Reads tensors of any of the types F32, F16 and BF16.
 * @throws LitmusError `not-found`, `corrupt-file` (a header that does not fit the file), `incompatible` (another type)
 */
export async function readSafetensors(path: string): Promise<SafeTensor[]> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw toLitmusError(error);
  });
  const { entries, data } = parseHeader(path, bytes);
  return entries.map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [start, end],
      },
    ]) => {
      const size = shape.reduce((product, axis) => product * axis, 1);
      const part = data.subarray(start, end);
      const width = widths[dtype];
      if (width === undefined)
        throw new LitmusError("incompatible", `${path}: "${name}" has the type ${dtype}, which is not read`, {
          path,
          hint: "save the adapter in F32, F16 or BF16",
        });
      if (part.byteLength !== size * width) throw corrupt(path, `"${name}" has ${part.byteLength} bytes`);
      return { name, shape, values: decode(dtype, part) };
    },
  );
}

const widths: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

function parseHeader(path: string, bytes: Buffer): { entries: [string, z.infer<typeof entry>][]; data: Buffer } {
  const length = bytes.byteLength < lengthBytes ? Infinity : Number(bytes.readBigUInt64LE(0));
  if (lengthBytes + length > bytes.byteLength) throw corrupt(path, "its header is longer than the file");
  const header = parseJson(path, bytes.subarray(lengthBytes, lengthBytes + length).toString("utf8"));
  const parsed = z.record(z.string(), z.union([entry, metadata])).safeParse(header);
  if (!parsed.success) throw corrupt(path, z.prettifyError(parsed.error));
  const entries = Object.entries(parsed.data).filter(([name]) => name !== "__metadata__");
  return { entries: entries as [string, z.infer<typeof entry>][], data: bytes.subarray(lengthBytes + length) };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw corrupt(path, "its header is not JSON");
  }
}

function decode(dtype: string, bytes: Buffer): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case "F32":
      return Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
    case "F16":
      return Float32Array.from({ length: bytes.byteLength / 2 }, (_, i) => view.getFloat16(2 * i, true));
    default: {
      // The upper half of a single-precision number.
      const bits = Uint32Array.from({ length: bytes.byteLength / 2 }, (_, i) => view.getUint16(2 * i, true) << 16);
      return new Float32Array(bits.buffer);
    }
  }
}

function corrupt(path: string, what: string): LitmusError {
  return new LitmusError("corrupt-file", `${path} is no whole file of tensors: ${what}`, { path });
}
