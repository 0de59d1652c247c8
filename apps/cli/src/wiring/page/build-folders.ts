import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { toLitmusError } from "@litmus/core";

/** A build takes seconds: what was begun before this many milliseconds is nobody's any more. */
const abandonedAfterMs = 60 * 60_000;

/** What the folders of builds are named after; the rest says whose they are: `dist.1234@host@uuid`. */
const owner = /^(?<pid>\d+)@(?<host>.*)@[\da-f-]+$/;

/** A folder of this process alone, beside the one that it is to become. */
export const newBuildFolder = (dist: string): string => `${dist}.${process.pid}@${hostname()}@${randomUUID()}`;

/** Removes what processes that were killed left beside a folder that is built; builds under way keep theirs. */
export async function removeAbandonedBuilds(dist: string): Promise<void> {
  const prefix = `${basename(dist)}.`;
  const names = (await readdir(dirname(dist))).filter((name) => name.startsWith(prefix));
  await Promise.all(
    names.map(async (name) => {
      const path = join(dirname(dist), name);
      if (await isAbandoned(path, name.slice(prefix.length))) await rm(path, { recursive: true, force: true });
    }),
  );
}

async function isAbandoned(path: string, rest: string): Promise<boolean> {
  const { pid, host } = owner.exec(rest)?.groups ?? {};
  if (pid !== undefined && host === hostname() && !isRunning(Number(pid))) return true;
  const begun = await stat(path).catch((cause: unknown) => {
    // Whoever built it has just removed it.
    if (toLitmusError(cause).code === "not-found") return null;
    throw cause;
  });
  return begun !== null && Date.now() - begun.mtimeMs > abandonedAfterMs;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
}
