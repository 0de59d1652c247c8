import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { Sha256 } from "@litmus/core";

/** Size and hash of a finished file. */
export interface FileEntry {
  readonly bytes: number;
  readonly sha256: Sha256;
}

const flushBytes = 1 << 20;

/** Writes one file from start to end, hashed on the way and forced to disk before it counts as written. */
export class FileWriter implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #hash = createHash("sha256");
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #bytes = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @throws an error of the file system, also when the file exists */
  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(await open(path, "wx"));
  }

  /** Appends bytes, which must not change afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= flushBytes) await this.#flush();
  }

  async finish(): Promise<FileEntry> {
    await this.#flush();
    await this.#file.sync();
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") as Sha256 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    for (let at = 0; at < bytes.length;) at += (await this.#file.write(bytes, at)).bytesWritten;
  }
}

/** Writes a whole file at once. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<FileEntry> {
  await using writer = await FileWriter.create(path);
  await writer.write(bytes);
  return await writer.finish();
}
