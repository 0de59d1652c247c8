import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sha256 } from "@litmus/core";
import { convertToF16 } from "./convert-to-f16.ts";
import type { ByteProgress } from "./convert-to-f16.ts";
import { hashIfThere } from "./hash-if-there.ts";
import { sha256Pattern } from "./lora-adapter.ts";
import { modelDirectory, sweepUnfinished } from "./model-cache.ts";
import { isNoFile } from "./no-file.ts";
import { writeAtomically } from "./write-atomically.ts";
import type { WrittenFile } from "./write-atomically.ts";

export interface CachedConversion {
  readonly source: string;
  /** Of the source, already checked: the cache's key. */
  readonly sourceSha256: Sha256;
  readonly cacheDirectory: string;
  readonly onProgress?: (progress: ByteProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * The half-precision form of a model, from the cache or converted into it. A cached file is used only after its
 * hash was compared with the one noted when it was complete; otherwise it is made again.
 * @throws LitmusError as {@link convertToF16}
 */
export async function cachedF16(request: CachedConversion): Promise<WrittenFile> {
  const directory = modelDirectory(request.cacheDirectory, request.sourceSha256);
  const target = join(directory, "model-f16.gguf");
  const noted = await notedHash(target);
  if (noted !== null && (await hashIfThere(target)) === noted) return { path: target, sha256: noted };
  await sweepUnfinished(directory);
  const written = await convertToF16({ ...request, target });
  await noteHash(written);
  return written;
}

const notePath = (path: string): string => `${path}.sha256`;

async function noteHash(file: WrittenFile): Promise<void> {
  const note = Buffer.from(`${file.sha256}\n`);
  await writeAtomically(notePath(file.path), note, (sink) => sink(note));
}

async function notedHash(path: string): Promise<Sha256 | null> {
  try {
    const text = (await readFile(notePath(path), "utf8")).trim();
    return sha256Pattern.test(text) ? (text as Sha256) : null;
  } catch (error) {
    if (isNoFile(error)) return null;
    throw error;
  }
}
