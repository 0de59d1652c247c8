import { LitmusError, systemTiming, toLitmusError, type Timing } from "@litmus/core";
import { createRemoteStore, type StoreReader } from "@litmus/server";
import { openStore, readLock, type HolderServer, type OpenStore } from "@litmus/store";
import { exists } from "../exists.ts";
import { emptyStore } from "./empty-store.ts";
import { isOfThisMachine, isWithinReach, type HolderWithinReach } from "./within-reach.ts";

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
  /** {@link openStore} unless told. */
  readonly open?: typeof openStore;
}

/** The store of a folder, whoever holds it. */
export interface FollowedStore {
  readonly reader: StoreReader;
  /** The other process that holds the folder and answers; null where none does. */
  holder(): Promise<HolderWithinReach | null>;
  /** The store itself, taken where nobody holds it; null while another process does. */
  own(): Promise<OpenStore | null>;
  /**
   * Gives the folder up to the process that asks for it. Resolves when it is free; reads under way have ended then. Whoever calls
   * it again meanwhile waits for the same end.
   */
  release(): Promise<void>;
  /** As {@link release}, for ever. */
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
  readonly #openFolder: typeof openStore;
  #opened: Promise<OpenStore> | null = null;
  /** How often the folder was given up. */
  #releases = 0;
  #releasing: Promise<void> | null = null;
  /** Until then the folder is left to whoever asked for it. */
  #standsBackUntilMs = 0;
  #isClosed = false;

  constructor({ directory, server, patienceMs = 60_000, timing = systemTiming, open = openStore }: FollowOptions) {
    this.#directory = directory;
    this.#server = server;
    this.#patienceMs = patienceMs;
    this.#timing = timing;
    this.#openFolder = open;
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

  async holder(): Promise<HolderWithinReach | null> {
    const lock = await readLock(this.#directory);
    return lock === null || !isWithinReach(lock) || lock.address === this.#server()?.address ? null : lock;
  }

  async own(): Promise<OpenStore | null> {
    try {
      const current = await this.#current();
      if (current !== null) return current;
      const lock = await readLock(this.#directory);
      return lock !== null || this.#standsBack() ? null : await this.#open();
    } catch (cause) {
      if (isHandover(cause)) return null;
      throw cause;
    }
  }

  release(): Promise<void> {
    this.#releasing ??= this.#giveUp().finally(() => {
      // Whoever asked for the folder has the whole time to take it, however long it took to close.
      this.#standsBackUntilMs = this.#timing.monotonicMs() + standBackMs;
      this.#releasing = null;
    });
    return this.#releasing;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.release();
  }

  async #giveUp(): Promise<void> {
    this.#releases += 1;
    const opened = this.#opened;
    this.#opened = null;
    const store = await opened?.catch(() => null);
    // Where not even that can be written, the lock goes a moment later, and whoever asks here until then waits.
    await store?.tellServer(null).catch(() => undefined);
    await store?.close();
  }

  /** What this process holds; null where it holds nothing. A store that has stopped by itself is let go. */
  async #current(): Promise<OpenStore | null> {
    const opening = this.#opened;
    const store = await opening;
    if (store === null || !store.stopped.aborted) return store;
    if (this.#opened === opening) this.#opened = null;
    await store.close();
    return null;
  }

  /** What can be read now; null while the folder changes hands. */
  async #source(): Promise<StoreReader | null> {
    const current = await this.#current();
    if (current !== null) return current;
    const lock = await readLock(this.#directory);
    // This process's own lock is named while it is given up.
    if (lock !== null && lock.address === this.#server()?.address) return null;
    if (lock !== null) return isWithinReach(lock) ? createRemoteStore(lock.address, lock.token) : null;
    if (!(await exists(this.#directory))) return emptyStore;
    return this.#standsBack() ? null : this.#open();
  }

  #standsBack(): boolean {
    return this.#releasing !== null || this.#timing.monotonicMs() < this.#standsBackUntilMs;
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
    await using opened = new AsyncDisposableStack();
    const store = await this.#openFolder({ directory: this.#directory, yields: this.#server() !== null });
    opened.defer(() => store.close());
    await store.tellServer(this.#server());
    opened.move();
    return store;
  }

  async #unanswered(): Promise<LitmusError> {
    const lock = await readLock(this.#directory);
    const where = lock === null || isOfThisMachine(lock) ? "" : ` on ${lock.host}`;
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
