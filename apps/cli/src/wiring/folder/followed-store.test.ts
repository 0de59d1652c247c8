import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { LitmusError } from "@litmus/core";
import type { OpenStore } from "@litmus/store";
import { createManualTiming } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { emptyStore } from "./empty-store.ts";
import { followStore } from "./followed-store.ts";

/** A store of which only what a follower does with it counts. */
class FakeStore {
  readonly stopping = new AbortController();
  readonly closed = Promise.withResolvers<void>();
  closes = 0;
  readError: LitmusError | null = null;

  readonly store = {
    ...emptyStore,
    runs: async () => {
      if (this.readError !== null) throw this.readError;
      return [];
    },
    stopped: this.stopping.signal,
    tellServer: async () => undefined,
    close: () => {
      this.closes += 1;
      return this.closed.promise;
    },
  } as unknown as OpenStore;
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "litmus-followed-"));
const server = { address: "http://127.0.0.1:4000", token: null };

/** A follower of an empty folder whose stores are the given ones, in order. */
async function follow(...stores: (FakeStore | Promise<OpenStore>)[]) {
  const timing = createManualTiming();
  let opens = 0;
  const followed = followStore({
    directory: await newFolder(),
    server: () => server,
    timing,
    open: async () => {
      const next = stores[opens];
      opens += 1;
      if (next === undefined) throw new LitmusError("bug", "no more stores");
      return next instanceof FakeStore ? next.store : next;
    },
  });
  return { followed, timing, opens: () => opens };
}

describe("a followed store", () => {
  it("stands back from the end of a release, however long it takes to close", async () => {
    const [first, second] = [new FakeStore(), new FakeStore()];
    const { followed, timing, opens } = await follow(first, second);
    await followed.reader.runs();
    const releasing = followed.release();
    timing.pass(10_000);
    expect(await followed.own()).toBeNull();
    first.closed.resolve();
    await releasing;
    timing.pass(2_999);
    expect(await followed.own()).toBeNull();
    timing.pass(1);
    expect(await followed.own()).toBe(second.store);
    expect(opens()).toBe(2);
  });

  it("is free for everyone who asked for it at the same time, and not before", async () => {
    const store = new FakeStore();
    const { followed } = await follow(store);
    await followed.reader.runs();
    let ended = 0;
    const ends = [followed.release(), followed.release(), followed.close()].map((end) => end.then(() => (ended += 1)));
    await setImmediate();
    expect([ended, store.closes]).toEqual([0, 1]);
    store.closed.resolve();
    await Promise.all(ends);
    expect(store.closes).toBe(1);
    await expect(followed.own()).resolves.toBeNull();
  });

  it("closes a store whose lock cannot name it, and opens the folder anew", async () => {
    const [unnamed, next] = [new FakeStore(), new FakeStore()];
    unnamed.closed.resolve();
    const full = new LitmusError("out-of-space", "the disk is full");
    const { followed } = await follow(
      Promise.resolve({ ...unnamed.store, tellServer: () => Promise.reject(full) }),
      next,
    );
    await expect(followed.reader.runs()).rejects.toBe(full);
    expect(unnamed.closes).toBe(1);
    expect(await followed.own()).toBe(next.store);
  });

  it("lets a store go that has stopped by itself: the next read opens the folder anew", async () => {
    const [dead, next] = [new FakeStore(), new FakeStore()];
    dead.closed.resolve();
    const { followed, opens } = await follow(dead, next);
    await followed.reader.runs();
    dead.readError = new LitmusError("unavailable", "the store stopped");
    dead.stopping.abort(dead.readError);
    expect(await followed.reader.runs()).toEqual([]);
    expect([dead.closes, opens()]).toEqual([1, 2]);
    expect(await followed.own()).toBe(next.store);
  });

  it("is given up although the lock can no longer be written", async () => {
    const store = new FakeStore();
    store.closed.resolve();
    let tells = 0;
    const tellServer = async (): Promise<void> => {
      tells += 1;
      if (tells > 1) throw new LitmusError("out-of-space", "the disk is full");
    };
    const { followed } = await follow(Promise.resolve({ ...store.store, tellServer }));
    await followed.reader.runs();
    await followed.release();
    expect([tells, store.closes]).toEqual([2, 1]);
  });

  it("that a process of another machine holds is never asked for at that one's address", async () => {
    const directory = await newFolder();
    const lock = { host: "elsewhere", pid: 7, start: null, nonce: "n", address: "http://127.0.0.1:1", token: null };
    await writeFile(join(directory, "store.lock"), JSON.stringify(lock));
    const followed = followStore({ directory, server: () => null, patienceMs: 0, timing: createManualTiming() });
    expect(await followed.holder()).toBeNull();
    expect(await followed.own()).toBeNull();
    await expect(followed.reader.runs()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("process 7 on elsewhere holds it"),
    });
  });
});
