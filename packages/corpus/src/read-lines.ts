import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { LitmusError, toLitmusError } from "@litmus/core";

/** One line of a text file. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = "\uFEFF";
/** Far above any record; keeps a file that is no text from filling the memory. */
const maxLineBytes = 64 * 1024 * 1024;

/**
 * Streams the lines of a UTF-8 file, plain or gzip (told by its first bytes). A byte order mark, the ends of line
 * (LF or CRLF) and lines of white space alone are left out; numbers count every line.
 * @throws LitmusError `not-found`; `invalid-data` for bytes that are no UTF-8; `corrupt-file` for a broken gzip stream
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let number = 0;
  for await (const bytes of splitLines(path)) {
    number++;
    const text = decodeLine(bytes, `${path}:${number}`, number === 1);
    if (text.trim() !== "") yield { number, text };
  }
}

async function* splitLines(path: string): AsyncGenerator<Buffer> {
  const pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of readChunks(path)) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      pending.push(chunk.subarray(start, end));
      yield pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
      pending.length = 0;
      pendingBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > maxLineBytes) throw notLines(path);
  }
  if (pending.length > 0) yield Buffer.concat(pending);
}

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const isGzip = await startsAsGzip(path);
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const stream: Readable = isGzip ? file.pipe(createGunzip({ chunkSize: 1 << 18 })) : file;
  // pipe() does not carry errors of the file over to the stream that is read.
  if (isGzip) file.on("error", (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    file.destroy();
  }
}

async function startsAsGzip(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "r");
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function decodeLine(bytes: Buffer, where: string, isFirst: boolean): string {
  const end = bytes.at(-1) === carriageReturn ? bytes.length - 1 : bytes.length;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, end));
    return isFirst && text.startsWith(byteOrderMark) ? text.slice(1) : text;
  } catch (error) {
    throw new LitmusError("invalid-data", `${where}: the line is not UTF-8 text`, {
      path: where,
      hint: "Convert the file to UTF-8; only JSON lines, plain or gzip, are read.",
      cause: error,
    });
  }
}

function unreadable(path: string, error: unknown): LitmusError {
  const systemCode = error instanceof Error && "code" in error ? String(error.code) : "";
  if (systemCode.startsWith("Z_")) {
    return new LitmusError("corrupt-file", `${path}: the gzip stream is broken or cut off`, {
      path,
      hint: "Copy or download the file again.",
      cause: error,
    });
  }
  const known = toLitmusError(error);
  if (systemCode === "ENOENT") {
    return new LitmusError("not-found", `${path}: no such file`, {
      path,
      hint: "Check the path in the config.",
      cause: error,
    });
  }
  return new LitmusError(known.code === "bug" ? "unavailable" : known.code, `${path}: ${known.message}`, {
    path,
    cause: error,
  });
}

function notLines(path: string): LitmusError {
  return new LitmusError("invalid-data", `${path}: a line is longer than 64 MiB`, {
    path,
    hint: "The file must hold one JSON object a line (JSONL), not one JSON array.",
  });
}
