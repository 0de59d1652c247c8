/**
 * @file Reads zip files, as wheels are: stored and deflated members. From PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.4.
 * Leaves out encryption, several disks and zip64. Member names are only compared, never used as paths.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { LitmusError } from "@litmus/core";

/** One file of an archive. */
export interface ZipMember {
  readonly name: string;
  readonly byteLength: number;
  readonly compressedBytes: number;
  readonly isDeflated: boolean;
  readonly crc: number;
  readonly headerOffset: number;
}

const endSignature = 0x06054b50;
const memberSignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const memberBytes = 46;
const localBytes = 30;
const maxCommentBytes = 0xffff;
const chunkBytes = 1 << 20;
const maxMembers = 10_000;
const maxDirectoryBytes = 16 << 20;

function refuse(path: string, what: string): LitmusError {
  return new LitmusError("corrupt-file", `${path}: ${what}`, { path, hint: "fetch the archive again" });
}

/** The members in the archive's own order. @throws LitmusError `corrupt-file` */
export async function zipMembers(path: string): Promise<readonly ZipMember[]> {
  await using handle = await open(path, "r");
  const fileBytes = (await handle.stat()).size;
  const end = await readEnd(handle, path, fileBytes);
  if (end.count > maxMembers || end.directoryBytes > maxDirectoryBytes) throw refuse(path, "the archive is too large");
  if (end.directoryOffset + end.directoryBytes > fileBytes) throw refuse(path, "its directory lies outside of it");
  const directory = await readExactly(handle, path, { offset: end.directoryOffset, length: end.directoryBytes });
  const members: ZipMember[] = [];
  for (let at = 0, i = 0; i < end.count; i++) {
    const { member, next } = parseMember(directory, at, path);
    if (member.headerOffset + localBytes + member.compressedBytes > fileBytes) {
      throw refuse(path, `the member "${member.name}" lies outside of it`);
    }
    members.push(member);
    at = next;
  }
  return members;
}

interface End {
  readonly count: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
}

async function readEnd(handle: FileHandle, path: string, fileBytes: number): Promise<End> {
  const length = Math.min(fileBytes, endBytes + maxCommentBytes);
  const tail = await readExactly(handle, path, { offset: fileBytes - length, length });
  for (let at = length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    return {
      count: tail.readUInt16LE(at + 10),
      directoryBytes: tail.readUInt32LE(at + 12),
      directoryOffset: tail.readUInt32LE(at + 16),
    };
  }
  throw refuse(path, "this is no zip archive");
}

function parseMember(directory: Buffer, at: number, path: string): { member: ZipMember; next: number } {
  if (at + memberBytes > directory.length || directory.readUInt32LE(at) !== memberSignature) {
    throw refuse(path, "its directory is damaged");
  }
  const flags = directory.readUInt16LE(at + 8);
  const method = directory.readUInt16LE(at + 10);
  const nameEnd = at + memberBytes + directory.readUInt16LE(at + 28);
  const next = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  if (next > directory.length) throw refuse(path, "its directory is damaged");
  const name = directory.toString("utf8", at + memberBytes, nameEnd);
  if ((flags & 1) !== 0 || (method !== 0 && method !== 8)) {
    throw refuse(path, `the member "${name}" is encrypted or compressed in another way`);
  }
  const member = {
    name,
    byteLength: directory.readUInt32LE(at + 24),
    compressedBytes: directory.readUInt32LE(at + 20),
    isDeflated: method === 8,
    crc: directory.readUInt32LE(at + 16),
    headerOffset: directory.readUInt32LE(at + 42),
  };
  if (!member.isDeflated && member.byteLength !== member.compressedBytes) {
    throw refuse(path, `the stored member "${name}" has two lengths`);
  }
  return { member, next };
}

/**
 * A member's content as a stream; never more bytes than its directory entry says.
 * @throws LitmusError `corrupt-file` when length or checksum differ
 */
export async function* readZipMember(path: string, member: ZipMember): AsyncGenerator<Uint8Array> {
  let length = 0;
  let checksum = 0;
  try {
    for await (const chunk of await memberStream(path, member)) {
      const bytes = chunk as Uint8Array;
      length += bytes.byteLength;
      if (length > member.byteLength) throw refuse(path, `the member "${member.name}" is longer than it says`);
      checksum = crc32(bytes, checksum);
      yield bytes;
    }
  } catch (error) {
    const isDamage = error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
    throw isDamage ? refuse(path, `the member "${member.name}" cannot be inflated: ${error.message}`) : error;
  }
  if (length !== member.byteLength || checksum !== member.crc) {
    throw refuse(path, `the member "${member.name}" does not match its length or checksum`);
  }
}

async function memberStream(path: string, member: ZipMember): Promise<Readable> {
  const start = await contentOffset(path, member);
  if (member.compressedBytes === 0) return Readable.from([]);
  const stored = createReadStream(path, { start, end: start + member.compressedBytes - 1, highWaterMark: chunkBytes });
  if (!member.isDeflated) return stored;
  const inflate = createInflateRaw({ chunkSize: chunkBytes });
  // Errors reach the reader through the inflater; ending early closes the file.
  pipeline(stored, inflate, () => {});
  return inflate;
}

async function contentOffset(path: string, member: ZipMember): Promise<number> {
  await using handle = await open(path, "r");
  const local = await readExactly(handle, path, { offset: member.headerOffset, length: localBytes });
  if (local.readUInt32LE(0) !== localSignature)
    throw refuse(path, `the member "${member.name}" is not where it should be`);
  return member.headerOffset + localBytes + local.readUInt16LE(26) + local.readUInt16LE(28);
}

async function readExactly(
  handle: FileHandle,
  path: string,
  range: { readonly offset: number; readonly length: number },
): Promise<Buffer> {
  const bytes = Buffer.alloc(range.length);
  const { bytesRead } = await handle.read(bytes, 0, range.length, range.offset);
  if (bytesRead !== range.length) throw refuse(path, `the archive ends at byte ${range.offset + bytesRead}`);
  return bytes;
}
