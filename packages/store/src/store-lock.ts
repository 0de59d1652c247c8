import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { LitmusError, sha256 } from "@litmus/core";
import { z } from "zod";
import { isRunning, thisProcess } from "./process-identity.ts";

/**
 * @file One process a folder. The lock is made by linking a complete file, which fails when the name is taken, so that no reader
 * sees half of one. A lock whose process is gone is taken over under a second lock, named after the dead one's content: of two
 * that find it dead, one wins, and the other sees on its second look that the content has changed.
 */
const lockSchema = z.object({
  host: z.string(),
  pid: z.int(),
  start: z.string().nullable(),
  /** Makes two locks of one process different. */
  nonce: z.string(),
  /** Where the holder answers HTTP, or null. */
  address: z.string().nullable(),
  /** What requests to it must show; null where nothing need be. Who may read the lock may also read the records. */
  token: z.string().nullable().default(null),
  /** Whether the holder gives the folder up when it is asked to. */
  yields: z.boolean().default(false),
});
type Lock = z.infer<typeof lockSchema>;

/** Who holds a store, where it answers, and whether it gives way. */
export type StoreLock = Pick<Lock, "host" | "pid" | "address" | "token" | "yields">;

/** Where the holder of a store answers HTTP, and what requests must show. */
export type HolderServer = { readonly address: string; readonly token: string | null };

/** A lock that this process holds. */
export interface HeldLock {
  /** Tells others where this process answers HTTP; null when it no longer does. */
  updateServer(server: HolderServer | null): void;
  release(): void;
}

const lockPath = (directory: string): string => join(directory, "store.lock");

/** The lock of a running process, or null: no lock, or a dead one's. */
export async function readLock(directory: string): Promise<StoreLock | null> {
  const content = readContent(lockPath(directory));
  const lock = content === null ? null : parse(content);
  if (lock === null || !isRunning(lock)) return null;
  const { host, pid, address, token, yields } = lock;
  return { host, pid, address, token, yields };
}

/**
 * Takes the lock of a folder.
 * @param yields whether this process gives the folder up when it is asked to
 * @throws LitmusError `conflict` when a running process holds it
 */
export async function acquireLock(directory: string, { yields = false } = {}): Promise<HeldLock> {
  const path = lockPath(directory);
  const identity = { ...thisProcess(), nonce: randomUUID(), yields };
  let content = serialise({ ...identity, address: null, token: null });
  await acquire(path, content);
  return {
    updateServer: (server) => {
      const next = serialise({ ...identity, address: server?.address ?? null, token: server?.token ?? null });
      replace(path, next);
      // Not before: a lock that could not be written, on a full disk, is still released as it stands.
      content = next;
    },
    release: () => {
      if (readContent(path) === content) rmSync(path);
    },
  };
}

const serialise = (lock: Lock): string => `${JSON.stringify(lock)}\n`;

async function acquire(path: string, content: string): Promise<void> {
  const attempts = 50;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (create(path, content)) return;
    const found = readContent(path);
    if (found === null) continue;
    const holder = parse(found);
    if (holder !== null && isRunning(holder)) throw heldBy(holder, path);
    if (await takeOver(path, found, content)) return;
    await setTimeout(20);
  }
  throw new LitmusError("conflict", `the lock ${path} changes hands too often`, {
    hint: "try again",
    retryable: true,
    path,
  });
}

/** Replaces a dead lock. False when another process is doing so, or has done so. */
async function takeOver(path: string, dead: string, content: string): Promise<boolean> {
  const guard = `${path}.${sha256(dead).slice(0, 16)}`;
  try {
    await acquire(guard, content);
  } catch (error) {
    if (LitmusError.isInstance(error) && error.code === "conflict") return false;
    throw error;
  }
  try {
    if (readContent(path) !== dead) return false;
    replace(path, content);
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

function create(path: string, content: string): boolean {
  try {
    withFileBeside(path, content, (complete) => linkSync(complete, path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

const replace = (path: string, content: string): void =>
  withFileBeside(path, content, (complete) => renameSync(complete, path));

/** Leaves no file behind, whatever fails. */
function withFileBeside(path: string, content: string, use: (complete: string) => void): void {
  const complete = `${path}.${randomUUID()}`;
  try {
    writeFileSync(complete, content, { flag: "wx", mode: 0o600 });
    use(complete);
  } finally {
    rmSync(complete, { force: true });
  }
}

function readContent(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // There is no such folder either where a file has its name.
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

function parse(content: string): Lock | null {
  try {
    return lockSchema.parse(JSON.parse(content));
  } catch {
    return null;
  }
}

function heldBy({ host, pid, address }: Lock, path: string): LitmusError {
  const machine = host === thisProcess().host ? "" : ` on ${host}`;
  // Its address is a loopback one: on another machine nobody answers there.
  const where = address === null || machine !== "" ? "" : `, which answers at ${address}`;
  return new LitmusError("conflict", `the store is in use by process ${pid}${machine}${where}`, {
    hint: `wait until it ends, or stop it${machine === "" ? "" : `; if that machine is gone, delete ${path}`}`,
    path,
  });
}
