import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { LitmusError, toLitmusError } from "@litmus/core";
import { WindowEnded } from "./byte-cursor.ts";
import { dequantize } from "./dequantize.ts";
import { corruptGguf, parseGgufHeader } from "./gguf-header.ts";
import type { GgufHeader, GgufTensor } from "./gguf-header.ts";
import type { GgufValue } from "./gguf-value.ts";
import { tensorBytes } from "./tensor-type.ts";

/** An open GGUF file; tensors are read when asked for. Close it after use, or bind it with `await using`. */
export interface GgufFile extends AsyncDisposable {
  readonly path: string;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** In the file's order. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** All values, row-major. @throws LitmusError `not-found` for an unknown name */
  readTensor(name: string): Promise<Float32Array>;
  /** The values of some rows (last dimension) in the order asked for. Runs of consecutive rows are read at once. */
  readRows(name: string, rows: readonly number[]): Promise<Float32Array>;
  /** The bytes as stored. */
  readRaw(name: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

const firstWindowBytes = 1 << 20;
const windowGrowth = 4;
/** A vocabulary of a million entries takes a tenth of it. */
const maxHeaderBytes = 1 << 28;

/**
 * Opens a GGUF file, versions 2 and 3. The header is checked against the file's length before anything is allocated.
 * @throws LitmusError `not-found`, `corrupt-file` (truncated, broken or foreign) or `incompatible` (unsupported type)
 */
export async function openGguf(path: string): Promise<GgufFile> {
  const handle = await openFile(path);
  try {
    return new OpenedGguf(path, handle, await readHeader(handle, path));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw toLitmusError(error);
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<GgufHeader> {
  const details = await handle.stat();
  if (!details.isFile()) throw corruptGguf(path, "this is no file");
  const fileBytes = details.size;
  let windowBytes = Math.min(firstWindowBytes, fileBytes);
  for (;;) {
    try {
      return parseGgufHeader(await readAt(handle, path, { offset: 0, length: windowBytes }), { path, fileBytes });
    } catch (error) {
      if (!(error instanceof WindowEnded)) throw error;
      if (error.neededBytes > maxHeaderBytes)
        throw corruptGguf(path, `its header is longer than ${maxHeaderBytes} bytes`);
      windowBytes = Math.min(fileBytes, Math.max(error.neededBytes, windowBytes * windowGrowth));
    }
  }
}

interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Node reads at most 2 GiB a call, and may read less than asked. */
const maxReadBytes = 1 << 30;

async function readAt(handle: FileHandle, path: string, range: Range): Promise<Uint8Array> {
  const bytes = new Uint8Array(range.length);
  let done = 0;
  while (done < range.length) {
    const length = Math.min(maxReadBytes, range.length - done);
    const { bytesRead } = await handle.read(bytes, done, length, range.offset + done);
    if (bytesRead === 0) throw corruptGguf(path, `the file ends at byte ${range.offset + done}, within a tensor`);
    done += bytesRead;
  }
  return bytes;
}

class OpenedGguf implements GgufFile {
  readonly path: string;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  readonly #handle: FileHandle;
  #closed = false;

  constructor(path: string, handle: FileHandle, header: GgufHeader) {
    this.path = path;
    this.metadata = header.metadata;
    this.tensors = header.tensors;
    this.#handle = handle;
  }

  async readTensor(name: string): Promise<Float32Array> {
    const tensor = this.#tensor(name);
    return dequantize(tensor.type, await this.readRaw(name), elementsOf(tensor));
  }

  async readRows(name: string, rows: readonly number[]): Promise<Float32Array> {
    const tensor = this.#tensor(name);
    const width = tensor.shape.at(-1) ?? 0;
    const rowBytes = tensorBytes(tensor.type, width);
    refuseRowsOutside(tensor, rows);
    const values = new Float32Array(rows.length * width);
    for (const run of consecutiveRuns(rows)) {
      const range = { offset: tensor.offset + run.firstRow * rowBytes, length: run.count * rowBytes };
      const bytes = await readAt(this.#handle, this.path, range);
      values.set(dequantize(tensor.type, bytes, run.count * width), run.position * width);
    }
    return values;
  }

  async readRaw(name: string): Promise<Uint8Array> {
    const tensor = this.#tensor(name);
    return readAt(this.#handle, this.path, { offset: tensor.offset, length: tensor.byteLength });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#handle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #tensor(name: string): GgufTensor {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw new LitmusError("not-found", `${this.path}: there is no tensor "${name}"`);
    if (this.#closed) throw new LitmusError("bug", `${this.path}: tensor "${name}" is read after the file was closed`);
    return tensor;
  }
}

function elementsOf(tensor: GgufTensor): number {
  return tensor.shape.reduce((product, size) => product * size, 1);
}

function refuseRowsOutside(tensor: GgufTensor, rows: readonly number[]): void {
  const count = elementsOf(tensor) / (tensor.shape.at(-1) ?? 1);
  const outside = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= count);
  if (outside !== undefined) {
    throw new LitmusError("invalid-input", `row ${outside} of "${tensor.name}" is not in [0, ${count})`);
  }
}

interface RowRun {
  readonly firstRow: number;
  /** Index of the first row within the rows asked for. */
  readonly position: number;
  readonly count: number;
}

function consecutiveRuns(rows: readonly number[]): RowRun[] {
  const runs: RowRun[] = [];
  let position = 0;
  while (position < rows.length) {
    const firstRow = rows[position] as number;
    let count = 1;
    while (rows[position + count] === firstRow + count) count++;
    runs.push({ firstRow, position, count });
    position += count;
  }
  return runs;
}
