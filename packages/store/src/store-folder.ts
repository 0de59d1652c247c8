import { existsSync, mkdirSync, readFileSync, readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { LitmusError, toLitmusError } from "@litmus/core";
import { z } from "zod";

/** The format that this version writes and reads. */
export const formatVersion = 1;
const manifestSchema = z.object({ formatVersion: z.int(), createdBy: z.string() });

/**
 * The folder of a store. `data/` appears by one rename, when its database and `store.json` are complete; `data.new/` is
 * where it is made, and what a killed first start leaves.
 */
export function pathsOf(directory: string): { data: string; manifest: string; postgres: string; unfinished: string } {
  const data = join(directory, "data");
  return {
    data,
    manifest: join(data, "store.json"),
    postgres: join(data, "postgres"),
    unfinished: join(directory, "data.new"),
  };
}

/**
 * Makes sure that a folder exists and holds a store or nothing.
 * @throws LitmusError `unavailable` when it cannot be made or read, `incompatible` when it holds something else
 */
export function claimFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    assertOurs(directory, readdirSync(directory));
  } catch (error) {
    throw folderError(directory, error);
  }
}

function assertOurs(directory: string, entries: readonly string[]): void {
  const { manifest } = pathsOf(directory);
  if (existsSync(manifest)) return assertReadable(manifest);
  const strangers = entries.filter((name) => name !== "data.new" && !name.startsWith("store.lock"));
  if (strangers.length === 0) return;
  throw new LitmusError("incompatible", `${directory} is not a store: it holds ${strangers.slice(0, 3).join(", ")}`, {
    hint: "name an empty folder, or one that does not exist yet",
    path: directory,
  });
}

function assertReadable(manifest: string): void {
  const found = manifestSchema.safeParse(parseJson(readFileSync(manifest, "utf8")));
  if (!found.success) {
    throw new LitmusError("corrupt-file", `${manifest} is damaged`, {
      hint: "restore the folder from a copy, or name another",
      path: manifest,
    });
  }
  if (found.data.formatVersion === formatVersion) return;
  throw new LitmusError(
    "incompatible",
    `the store has format ${found.data.formatVersion}, written by ${found.data.createdBy}; this version reads format ${formatVersion}`,
    { hint: "open it with the version that wrote it, or name another folder", path: manifest },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An error of the file system, with the folder's name and what to do. */
export function folderError(directory: string, error: unknown): LitmusError {
  if (LitmusError.isInstance(error)) return error;
  const { code, message } = toLitmusError(error);
  // Emscripten's own errors carry no text, so that the disk itself is asked.
  if (code === "out-of-space" || freeBytes(directory) < 1e6) return diskFull(directory, { cause: error });
  return new LitmusError("unavailable", `the store's folder ${directory} cannot be used: ${message}`, {
    hint: "name a folder that you may write to",
    path: directory,
    cause: error,
  });
}

/** @param needed what is said after the free space */
export function diskFull(directory: string, { needed = "", cause }: { needed?: string; cause?: unknown }): LitmusError {
  const free = Math.floor(freeBytes(directory) / 1e6);
  return new LitmusError("out-of-space", `the disk of ${directory} is full: ${free} MB are free${needed}`, {
    hint: "free space, or name a folder on another disk",
    path: directory,
    cause,
  });
}

/** Infinity where the system does not tell. */
export function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
