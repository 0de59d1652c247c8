import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { toLitmusError } from "./error.ts";
import { sha256 } from "./hash.ts";
import type { Sha256 } from "./identity.ts";

/** Writes a text file: temporary name, sync, rename. The folder is made where it is missing. */
export async function writeDurably(path: string, content: string): Promise<Sha256> {
  const temporary = `${path}.${process.pid}.unfinished`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await using handle = await open(temporary, "w");
    await handle.writeFile(content);
    await handle.sync();
    await rename(temporary, path);
  } catch (error) {
    throw toLitmusError(error);
  }
  return sha256(content);
}
