import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { LitmusError, toLitmusError } from "@litmus/core";
import type { Sha256 } from "@litmus/core";

/** A file that is complete, on disk and hashed. */
export interface WrittenFile {
  readonly path: string;
  readonly sha256: Sha256;
}

/** What is known of a file before it is written. */
export interface ExpectedFile {
  /** Checked against the free space before the first byte. */
  readonly byteLength: number;
  /** Checked before the file gets its name. */
  readonly sha256?: Sha256;
}

/** Takes a file's bytes in order. */
export type FileSink = (bytes: Uint8Array) => Promise<void>;

/** Ends the names of unfinished files; nothing reads a file of this name. */
export const unfinishedSuffix = ".unfinished";

/**
 * Writes a file under a temporary name, syncs it and renames it: the target is whole or untouched.
 * The folder is made where it is missing. A failed write leaves nothing behind.
 * @throws LitmusError `out-of-space`, naming the bytes needed; `corrupt-file` when the hash is not the expected one;
 * whatever `write` throws
 */
export async function writeAtomically(
  path: string,
  expected: ExpectedFile,
  write: (sink: FileSink) => Promise<void>,
): Promise<WrittenFile> {
  const temporary = `${path}.${randomUUID()}${unfinishedSuffix}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await refuseFullDisk(path, expected.byteLength);
    const sha256 = await writeAndSync(temporary, write);
    if (expected.sha256 !== undefined && sha256 !== expected.sha256) throw wrongHash(path, sha256, expected.sha256);
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return { path, sha256 };
  } catch (error) {
    await rm(temporary, { force: true });
    throw describeWriteError(error, path, expected.byteLength);
  }
}

async function writeAndSync(path: string, write: (sink: FileSink) => Promise<void>): Promise<Sha256> {
  const hash = createHash("sha256");
  await using handle = await open(path, "wx");
  await write(async (bytes) => {
    hash.update(bytes);
    await writeWhole(handle, bytes);
  });
  await handle.sync();
  return hash.digest("hex") as Sha256;
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) done += (await handle.write(bytes, done)).bytesWritten;
}

/** Content that is not what was asked for. */
export function wrongHash(path: string, found: Sha256, expected: Sha256): LitmusError {
  return new LitmusError("corrupt-file", `${path}: its SHA-256 is ${found}, not ${expected}`, {
    path,
    hint: "fetch or write the file again",
  });
}

/** @throws LitmusError `out-of-space` when a file of this length has no room in its folder, which must be there */
export async function refuseFullDisk(path: string, byteLength: number): Promise<void> {
  const disk = await statfs(dirname(path));
  const freeBytes = disk.bavail * disk.bsize;
  if (byteLength > freeBytes) throw outOfSpace(path, byteLength, `${freeBytes} are free`);
}

function outOfSpace(path: string, byteLength: number, found: string): LitmusError {
  return new LitmusError("out-of-space", `${path} needs ${byteLength} bytes; ${found}`, {
    path,
    hint: "free some disk space, or choose a folder on another disk",
  });
}

function describeWriteError(error: unknown, path: string, byteLength: number): LitmusError {
  const typed = toLitmusError(error);
  return typed.code === "out-of-space" && typed !== error ? outOfSpace(path, byteLength, typed.message) : typed;
}

/** Makes renames in a folder durable. Windows has no such call, and does without. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(path, "r");
  await handle.sync();
}
