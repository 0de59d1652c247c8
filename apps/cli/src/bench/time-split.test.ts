import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TimeSplit } from "./time-split.ts";

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("TimeSplit", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("gives each moment to one activity, the first in order of those under way, or to none", async () => {
    const split = new TimeSplit();
    split.start();
    const done = Promise.all([
      split.count("store", () => wait(3000)),
      split.count("sampling", () => wait(1000)),
      split.count("search", () => wait(4000)),
    ]);
    await vi.advanceTimersByTimeAsync(6000);
    await done;
    expect(split.stop()).toEqual({ sampling: 1, store: 2, search: 1, other: 2, update: 0, verifying: 0 });
  });

  it("counts the methods that it is told to, through to their private state, and failures too", async () => {
    class Worker {
      #calls = 0;
      async work(): Promise<number> {
        await wait(2000);
        return ++this.#calls;
      }
      async break(): Promise<void> {
        await wait(1000);
        throw new Error("broken");
      }
      rest = (): Promise<void> => wait(500);
    }
    const split = new TimeSplit();
    const worker = split.timed(new Worker(), (method) => (method === "rest" ? null : "update"));
    split.start();
    const done = (async () => {
      expect(await worker.work()).toBe(1);
      await expect(worker.break()).rejects.toThrow("broken");
      await worker.rest();
    })();
    await vi.advanceTimersByTimeAsync(3500);
    await done;
    expect(split.stop()).toMatchObject({ update: 3, other: 0.5 });
  });
});
