import { randomUUID } from "node:crypto";
import { readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isNoFile } from "./no-file.ts";

const suffix = ".partial";
/** A download writes, or gives up, well within this time. */
const abandonedAfterMs = 120_000;

/**
 * A partial download of this process alone: an abandoned one, claimed by renaming it, or a new name.
 * Two processes never get the same; a file that a slow owner still writes to would fail its hash check.
 */
export async function claimPartial(directory: string): Promise<string> {
  const own = join(directory, `${randomUUID()}@${hostname()}@${process.pid}${suffix}`);
  for (const candidate of await abandonedPartials(directory)) {
    try {
      await rename(candidate, own);
      // The clock starts anew: to others it must not look abandoned while the server is awaited.
      const now = new Date();
      await utimes(own, now, now);
      return own;
    } catch (error) {
      // Another process claimed it first.
      if (!isNoFile(error)) throw error;
    }
  }
  return own;
}

/** Whether nobody writes to a partial download: its process has ended, gave it up, or was silent for long. */
function isAbandoned(name: string, modifiedMs: number): boolean {
  if (Date.now() - modifiedMs > abandonedAfterMs) return true;
  const [, host, id] = name.slice(0, -suffix.length).split("@");
  return host === hostname() && !isRunning(Number(id));
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Leaves a partial download for whoever comes next, at once. */
export async function releasePartial(path: string): Promise<void> {
  try {
    await utimes(path, 0, 0);
  } catch (error) {
    if (!isNoFile(error)) throw error;
  }
}

/** Removes what nobody works on any more. */
export async function removeAbandonedPartials(directory: string): Promise<void> {
  for (const path of await abandonedPartials(directory)) await rm(path, { force: true });
}

/** Largest first. */
async function abandonedPartials(directory: string): Promise<string[]> {
  const found: { readonly path: string; readonly size: number }[] = [];
  for (const name of (await readdir(directory)).filter((each) => each.endsWith(suffix))) {
    const path = join(directory, name);
    const details = await stat(path).catch((error: unknown) => {
      if (isNoFile(error)) return null;
      throw error;
    });
    if (details !== null && isAbandoned(name, details.mtimeMs)) found.push({ path, size: details.size });
  }
  return found.sort((a, b) => b.size - a.size).map(({ path }) => path);
}

/** Bytes of a file so far; 0 where there is none. */
export async function sizeIfThere(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isNoFile(error)) return 0;
    throw error;
  }
}
