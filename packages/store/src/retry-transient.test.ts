import { describe, expect, it } from "vitest";
import { createGate } from "./create-gate.ts";
import { retryTransient } from "./retry-transient.ts";
import type { Timing } from "@litmus/core";

/** Work that fails so often, on a clock that only waiting moves. */
function failing(failures: number, uniform: number): { waits: number[]; timing: Timing; work: () => Promise<string> } {
  const waits: number[] = [];
  let nowMs = 0;
  let left = failures;
  const timing: Timing = {
    monotonicMs: () => nowMs,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      nowMs += milliseconds;
    },
    uniform: () => uniform,
  };
  const work = async (): Promise<string> => {
    if (left-- > 0) throw new Error(`${left} to come`);
    return "done";
  };
  return { waits, timing, work };
}

describe("retryTransient", () => {
  it("waits twice as long each time, up to two seconds, and less by chance", async () => {
    const longest = failing(8, 0);
    const options = { forMs: 60_000, isTransient: () => true };
    expect(await retryTransient(longest.work, { ...options, timing: longest.timing })).toBe("done");
    expect(longest.waits).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000]);
    const shorter = failing(2, 0.5);
    await retryTransient(shorter.work, { ...options, timing: shorter.timing });
    expect(shorter.waits).toEqual([37.5, 75]);
  });

  it("gives up when the time is over, with the last error", async () => {
    const { waits, timing, work } = failing(100, 0);
    await expect(retryTransient(work, { forMs: 400, isTransient: () => true, timing })).rejects.toThrow("96 to come");
    expect(waits).toEqual([50, 100, 200]);
    const never = failing(1, 0);
    const once = { forMs: 0, isTransient: () => true, timing: never.timing };
    await expect(retryTransient(never.work, once)).rejects.toThrow("0 to come");
  });

  it("does not repeat what is not transient", async () => {
    const { waits, timing, work } = failing(1, 0);
    await expect(retryTransient(work, { forMs: 1000, isTransient: () => false, timing })).rejects.toThrow("0 to come");
    expect(waits).toEqual([]);
  });
});

describe("createGate", () => {
  it("lets so many through at once, in order, and goes on after a failure", async () => {
    const gate = createGate(2);
    const began: number[] = [];
    const ends: PromiseWithResolvers<number>[] = [];
    const results = Array.from({ length: 5 }, (_, index) =>
      gate(() => {
        began.push(index);
        ends[index] = Promise.withResolvers<number>();
        return ends[index].promise;
      }).catch(() => -1),
    );
    const settle = async (index: number, act: (end: PromiseWithResolvers<number>) => void): Promise<void> => {
      act(ends[index]!);
      await results[index];
      await new Promise((resolve) => setImmediate(resolve));
    };
    expect(began).toEqual([0, 1]);
    await settle(1, (end) => end.reject(new Error("broken")));
    expect(began).toEqual([0, 1, 2]);
    await settle(0, (end) => end.resolve(0));
    await settle(2, (end) => end.resolve(2));
    expect(began).toEqual([0, 1, 2, 3, 4]);
    await settle(4, (end) => end.resolve(4));
    await settle(3, (end) => end.resolve(3));
    expect(await Promise.all(results)).toEqual([0, -1, 2, 3, 4]);
    expect(await gate(async () => 6)).toBe(6);
  });
});
