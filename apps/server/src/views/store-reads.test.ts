import { runId, type RunRevision } from "@litmus/core";
import { createManualTiming } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import type { StoreReader } from "../store-reader.ts";
import { createStoreReads } from "./store-reads.ts";

const one = runId("run-1");
const two = runId("run-2");

/** Reads of a store of which only the revisions are asked for. */
function watched({ limit = 10 }: { readonly limit?: number } = {}) {
  const timing = createManualTiming();
  const revisions = new Map([[one, 1]]);
  const errors: unknown[] = [];
  let looks = 0;
  let failure: Error | null = null;
  const store = {
    revisions: async (): Promise<readonly RunRevision[]> => {
      looks += 1;
      if (failure !== null) throw failure;
      return [...revisions].map(([id, revision]) => ({ runId: id, revision }));
    },
  } as StoreReader;
  const reads = createStoreReads({ store, timing, limit, onError: (error) => errors.push(error) });
  return { timing, revisions, errors, reads, looks: () => looks, failWith: (error: Error | null) => (failure = error) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("remember", () => {
  it("loads once a revision, and looks for another at most every 500 ms", async () => {
    const { timing, revisions, reads, looks } = watched();
    let loads = 0;
    const read = (): Promise<number> => reads.remember(one, "name", async () => (loads += 1));
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
    expect(looks()).toBe(1);
    revisions.set(one, 2);
    timing.pass(499);
    expect(await read()).toBe(1);
    timing.pass(1);
    expect(await Promise.all([read(), read()])).toEqual([2, 2]);
    expect([reads.revision(one), reads.revision(two), looks()]).toEqual([2, 0, 2]);
  });

  it("keeps runs and names apart, and no more values than its limit", async () => {
    const { reads } = watched({ limit: 2 });
    const loaded: string[] = [];
    const read = (id: typeof one, name: string): Promise<string> =>
      reads.remember(id, name, async () => {
        loaded.push(`${id}/${name}`);
        return `${id}/${name}`;
      });
    expect(await read(one, "a")).toBe("run-1/a");
    expect(await read(two, "a")).toBe("run-2/a");
    await read(one, "a");
    expect(await read(one, "b")).toBe("run-1/b");
    await read(one, "a");
    expect(loaded).toEqual(["run-1/a", "run-2/a", "run-1/b"]);
    await read(two, "a");
    expect(loaded).toHaveLength(4);
  });

  it("loads again what could not be loaded", async () => {
    const { reads } = watched();
    await expect(reads.remember(one, "a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
    expect(await reads.remember(one, "a", async () => 7)).toBe(7);
  });

  it("rejects while the revisions cannot be read, and looks again at once", async () => {
    const { reads, failWith } = watched();
    failWith(new Error("away"));
    await expect(reads.remember(one, "a", async () => 1)).rejects.toThrow("away");
    failWith(null);
    expect(await reads.remember(one, "a", async () => 1)).toBe(1);
  });
});

describe("lookAgain", () => {
  it("sees what changed up to the call, however fresh the last look is, by one look for all who ask", async () => {
    const { revisions, reads, looks } = watched();
    const before = reads.watch.refresh();
    revisions.set(one, 2);
    await Promise.all([before, reads.watch.lookAgain(), reads.watch.lookAgain()]);
    expect([reads.revision(one), looks()]).toEqual([2, 2]);
    revisions.set(one, 3);
    await reads.watch.lookAgain();
    expect([reads.revision(one), looks()]).toEqual([3, 3]);
  });

  it("does not take the failure of the look under way for its own", async () => {
    const { reads, errors, failWith } = watched();
    failWith(new Error("away"));
    const before = reads.watch.refresh();
    failWith(null);
    await reads.watch.lookAgain();
    await expect(before).rejects.toThrow("away");
    expect(errors).toEqual([new Error("away")]);
  });
});

describe("subscribe", () => {
  it("tells all listeners of every change by one look, and looks no more when nobody listens", async () => {
    const { timing, revisions, reads, looks } = watched();
    const heard: string[] = [];
    const listen = (name: string) =>
      reads.watch.subscribe((changed) =>
        heard.push(`${name} ${changed.map((each) => `${each.runId}:${each.revision}`).join(" ")}`),
      );
    const [endFirst, endSecond] = [listen("first"), listen("second")];
    await timing.begun(1);
    expect([looks(), heard]).toEqual([1, []]);
    revisions.set(one, 2).set(two, 1);
    timing.pass(500);
    await timing.begun(2);
    expect(heard).toEqual(["first run-1:2 run-2:1", "second run-1:2 run-2:1"]);
    endFirst();
    revisions.set(two, 5);
    timing.pass(500);
    await timing.begun(3);
    expect(heard.slice(2)).toEqual(["second run-2:5"]);
    endSecond();
    timing.pass(5_000);
    await settle();
    expect([looks(), timing.waits]).toEqual([3, [500, 500, 500]]);
    listen("third")();
    await settle();
    expect(looks()).toBe(4);
  });

  it("also tells of a change that a reader found", async () => {
    const { timing, revisions, reads } = watched();
    const heard: number[] = [];
    await reads.watch.refresh();
    const end = reads.watch.subscribe((changed) => heard.push(...changed.map(({ revision }) => revision)));
    revisions.set(one, 9);
    timing.pass(500);
    await reads.watch.refresh();
    expect(heard).toEqual([9]);
    end();
  });

  it("says what kept it from looking, and goes on", async () => {
    const { timing, revisions, errors, reads, failWith } = watched();
    const heard: number[] = [];
    await reads.watch.refresh();
    failWith(new Error("away"));
    timing.pass(500);
    const end = reads.watch.subscribe((changed) => heard.push(...changed.map(({ revision }) => revision)));
    await timing.begun(1);
    expect(errors).toEqual([new Error("away")]);
    failWith(null);
    revisions.set(one, 3);
    timing.pass(500);
    await timing.begun(2);
    expect(heard).toEqual([3]);
    end();
  });
});
