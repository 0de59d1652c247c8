import { sha256OfFile } from "@litmus/core";
import type { Sha256 } from "@litmus/core";
import { isNoFile } from "./no-file.ts";

/** A file's hash; null where there is no file. */
export async function hashIfThere(path: string): Promise<Sha256 | null> {
  try {
    return await sha256OfFile(path);
  } catch (error) {
    if (isNoFile(error)) return null;
    throw error;
  }
}
