import { access } from "node:fs/promises";
import { hostname } from "node:os";
import { LitmusError, systemTiming, toLitmusError, type Timing } from "@litmus/core";
import { createRemoteStore, type StoreReader } from "@litmus/server";
import { openStore, readLock, type HolderServer, type OpenStore, type StoreLock } from "@litmus/store";
import { emptyStore } from "./empty-store.ts";

/**
 * @file A folder's store belongs to one process at a time. Whoever follows it reads through the holder where there is one, and
 * holds it while nobody else wants to.
 */

export interface FollowOptions {
  /** Folder of the store; it need not exist. */
  readonly directory: string;
  /** Where this process answers others while it holds the folder, asked when it takes it; null: nowhere. */
  readonly server: () => HolderServer | null;
  /** How long a read waits while the folder changes hands, in milliseconds; 60,000 unless told. */
  readonly patienceMs?: number;
  readonly timing?: Timing;
}

/** The store of a folder, whoever holds it. */
export interface FollowedStore {
  readonly reader: StoreReader;
  /** The other process that holds the folder and answers; null where none does. */
  holder(): Promise<StoreLock | null>;
  /** The store itself, taken where nobody holds it; null while another process does. */
  own(): Promise<OpenStore | null>;
  /** Gives the folder up to the process that asks for it. Resolves when it is free; reads under way have ended then. */
  release(): Promise<void>;
  close(): Promise<void>;
}

/** A process that asked for the folder has so long to take it. */
const standBackMs = 3_000;
const lookEveryMs = 50;

/** Every read of the port, by name: one that is missing here would not compile. */
const reads = Object.keys(emptyStore) as (keyof StoreReader)[];

/** Follows the store of a folder through the processes that hold it. Nothing is opened before the first read. */
export function followStore(options: FollowOptions): FollowedStore {
  const followed = new FolderFollower(options);
  const reader = Object.fromEntries(
    reads.map((name) => [name, (...args: readonly unknown[]) => followed.read(name, args)]),
  ) as unknown as StoreReader;
  return {
    reader,
    holder: () => followed.holder(),
    own: () => followed.own(),
    release: () => followed.release(),
    close: () => followed.close(),
  };
}

class FolderFollower {
  readonly #directory: string;
  readonly #server: FollowOptions["server"];
  readonly #patienceMs: number;
  readonly #timing: Timing;
  #opened: Promise<OpenStore> | null = null;
  /** How often the folder was given up. */
  #releases = 0;
  /** Until then the folder is left to whoever asked for it. */
  #standsBackUntilMs = 0;
  #isClosed = false;

  constructor({ directory, server, patienceMs = 60_000, timing = systemTiming }: FollowOptions) {
    this.#directory = directory;
    this.#server = server;
    this.#patienceMs = patienceMs;
    this.#timing = timing;
  }

  async read(name: keyof StoreReader, args: readonly unknown[]): Promise<unknown> {
    const endMs = this.#timing.monotonicMs() + this.#patienceMs;
    for (;;) {
      const releases = this.#releases;
      try {
        const source = await this.#source();
        if (source !== null) return await (source[name] as (...all: readonly unknown[]) => Promise<unknown>)(...args);
      } catch (cause) {
        const isOver = this.#isClosed || (releases === this.#releases && !isHandover(cause));
        if (isOver || this.#timing.monotonicMs() >= endMs) throw cause;
      }
      if (this.#timing.monotonicMs() >= endMs) throw await this.#unanswered();
      await this.#timing.wait(lookEveryMs);
    }
  }

  async holder(): Promise<StoreLock | null> {
    const lock = await readLock(this.#directory);
    return lock === null || !isWithinReach(lock) || lock.address === this.#server()?.address ? null : lock;
  }

  async own(): Promise<OpenStore | null> {
    if (this.#opened === null && (this.#standsBack() || (await readLock(this.#directory)) !== null)) return null;
    return this.#open().catch((cause: unknown) => {
      if (isHandover(cause)) return null;
      throw cause;
    });
  }

  async release(): Promise<void> {
    this.#standsBackUntilMs = this.#timing.monotonicMs() + standBackMs;
    this.#releases += 1;
    const opened = this.#opened;
    this.#opened = null;
    const store = await opened?.catch(() => null);
    await store?.tellServer(null);
    await store?.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.release();
  }

  /** What can be read now; null while the folder changes hands. */
  async #source(): Promise<StoreReader | null> {
    if (this.#opened !== null) return this.#opened;
    const lock = await readLock(this.#directory);
    // This process's own lock is named while it is given up.
    if (lock !== null && lock.address === this.#server()?.address) return null;
    if (lock !== null) return isWithinReach(lock) ? createRemoteStore(lock.address, lock.token) : null;
    if (!(await exists(this.#directory))) return emptyStore;
    return this.#standsBack() ? null : this.#open();
  }

  #standsBack(): boolean {
    return this.#timing.monotonicMs() < this.#standsBackUntilMs;
  }

  #open(): Promise<OpenStore> {
    if (this.#isClosed) return Promise.reject(new LitmusError("unavailable", "the store is closed"));
    const opening = (this.#opened ??= this.#openAndTell());
    // The next read looks again.
    opening.catch(() => {
      if (this.#opened === opening) this.#opened = null;
    });
    return opening;
  }

  async #openAndTell(): Promise<OpenStore> {
    const store = await openStore({ directory: this.#directory, yields: this.#server() !== null });
    await store.tellServer(this.#server());
    return store;
  }

  async #unanswered(): Promise<LitmusError> {
    const lock = await readLock(this.#directory);
    const where = lock === null || lock.host === hostname() ? "" : ` on ${lock.host}`;
    const who = lock === null ? "" : `: process ${lock.pid}${where} holds it and does not answer`;
    return new LitmusError("unavailable", `the store ${this.#directory} cannot be read now${who}`, {
      hint: "try again when that process has ended",
      retryable: true,
    });
  }
}

/** A holder that is gone, or a folder that another process took first. */
function isHandover(cause: unknown): boolean {
  const { code, retryable } = toLitmusError(cause);
  return code === "conflict" || (code === "unavailable" && retryable);
}

/** An address is on the machine of its process. */
function isWithinReach(lock: StoreLock): lock is StoreLock & { readonly address: string } {
  return lock.address !== null && lock.host === hostname();
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
