import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { syncFolder } from "./durable-filesystem.ts";
import { createInFolder } from "./start-pglite.ts";
import type { OnStop } from "./start-pglite.ts";
import { diskFull, folderError, formatVersion, freeBytes, pathsOf } from "./store-folder.ts";

/** A new store takes 15 MB, its making a little more. */
const newStoreBytes = 20e6;

/**
 * Makes the database when there is none yet, and returns its folder. The caller holds the lock.
 * @throws LitmusError `out-of-space` or `unavailable`
 */
export async function prepareFolder(directory: string, onStop: OnStop): Promise<string> {
  const { data, manifest, postgres, unfinished } = pathsOf(directory);
  try {
    rmSync(unfinished, { recursive: true, force: true });
    if (existsSync(manifest)) return postgres;
    assertRoom(directory);
    mkdirSync(join(unfinished, "postgres"), { recursive: true });
    await createInFolder(join(unfinished, "postgres"), onStop);
    const record = JSON.stringify({ formatVersion, createdBy: "litmus" });
    writeFileSync(join(unfinished, "store.json"), `${record}\n`, { flush: true });
    syncFolder(unfinished);
    renameSync(unfinished, data);
    syncFolder(directory);
    return postgres;
  } catch (error) {
    throw folderError(directory, error);
  }
}

function assertRoom(directory: string): void {
  if (freeBytes(directory) >= newStoreBytes) return;
  throw diskFull(directory, { needed: `, a new store needs ${newStoreBytes / 1e6} MB` });
}
