import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Sha256 } from "@litmus/core";

/** Folders and files that are made, fetched, or for tests alone. */
const notSources = /(^|\/)(node_modules|dist(-report)?(\.[^/]*)?|e2e|\.[^/]*)(\/|$)|[.]test[.]tsx?$/;

/**
 * Hash of the names and contents of all files below some folders, which does not depend on where they lie.
 * @param root what names are relative to
 */
export async function hashSources(root: string, folders: readonly string[]): Promise<Sha256> {
  const hash = createHash("sha256");
  for (const folder of folders) {
    for (const path of await filesBelow(root, join(root, folder))) {
      const content = await readFile(join(root, path));
      hash.update(`${path}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex") as Sha256;
}

/** Relative, in a fixed order. */
async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      const name = relative(root, path).replaceAll("\\", "/");
      if (notSources.test(name)) return [];
      return entry.isDirectory() ? filesBelow(root, path) : entry.isFile() ? [name] : [];
    }),
  );
  return nested.flat().toSorted();
}
