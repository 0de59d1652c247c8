import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";
import { contentTypes } from "./content-types.ts";

export interface PageFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** Parts of an address that name a file: no hidden one, no way up, no drive. */
const part = /^[\w-][\w.-]*$/;

/**
 * A file of the built page, null where the folder has none of the name. What lies outside the folder is never read: not by
 * the parts of the name, not by a link.
 * @param path of an address, decoded, beginning with a slash
 */
export async function readPageFile(folder: string, path: string): Promise<PageFile | null> {
  const parts = path.split("/").slice(1);
  const contentType = contentTypes[extname(path)];
  if (contentType === undefined || !parts.every((each) => part.test(each))) return null;
  const root = await realpath(folder);
  const file = await unlessMissing(realpath(join(root, ...parts)));
  if (file === null || !file.startsWith(root + sep) || !(await stat(file)).isFile()) return null;
  return { content: new Uint8Array(await readFile(file)), contentType };
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw cause;
  }
}
