import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Sha256 } from "@litmus/core";
import { isNoFile } from "./no-file.ts";
import { unfinishedSuffix } from "./write-atomically.ts";

const staleAfterMs = 24 * 60 * 60 * 1000;

/** One model's folder in a cache: its files, and its licence beside them. */
export function modelDirectory(cacheDirectory: string, sha256: Sha256): string {
  return join(cacheDirectory, sha256);
}

/** Where the cache keeps the model as fetched. */
export function modelPath(cacheDirectory: string, sha256: Sha256): string {
  return join(modelDirectory(cacheDirectory, sha256), "model.gguf");
}

/** Removes what killed processes left unfinished a day ago or earlier. */
export async function sweepUnfinished(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isNoFile(error)) return [];
    throw error;
  });
  for (const name of names.filter((each) => each.endsWith(unfinishedSuffix))) {
    const path = join(directory, name);
    const found = await stat(path);
    if (Date.now() - found.mtimeMs > staleAfterMs) await rm(path, { force: true, recursive: true });
  }
}
