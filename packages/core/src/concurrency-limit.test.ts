import type { Clock } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { ConcurrencyLimit } from "./concurrency-limit.ts";

class HeldClock implements Clock {
  nowMs = 0;
  timestamp(): string {
    return "2026-01-01T00:00:00.000Z";
  }
  monotonicMs(): number {
    return this.nowMs;
  }
}

describe("concurrency limit", () => {
  it("runs so many at once, the others in the order in which they came", async () => {
    const limit = new ConcurrencyLimit(2, new HeldClock());
    const [started, finish]: [number[], (() => void)[]] = [[], []];
    const all = [0, 1, 2, 3, 4].map((task) =>
      limit.run(async () => {
        started.push(task);
        await new Promise<void>((resolve) => (finish[task] = resolve));
        return task;
      }),
    );
    expect(started).toEqual([0, 1]);
    finish[1]?.();
    await all[1];
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2]);
    finish[0]?.();
    await all[0];
    await Promise.resolve();
    expect(started).toEqual([0, 1, 2, 3]);
    finish[2]?.();
    finish[3]?.();
    await Promise.all([all[2], all[3]]);
    await Promise.resolve();
    finish[4]?.();
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  });

  it("frees the slot of a task that fails", async () => {
    const limit = new ConcurrencyLimit(1, new HeldClock());
    await expect(limit.run(() => Promise.reject(new Error("a bug")))).rejects.toThrow("a bug");
    expect(await limit.run(() => Promise.resolve(7))).toBe(7);
  });

  it("says how much of what it offered was used, idle time aside", async () => {
    const clock = new HeldClock();
    const limit = new ConcurrencyLimit(4, clock);
    expect(limit.use()).toBe(0);
    const spend = (milliseconds: number): Promise<void> =>
      limit.run(async () => {
        clock.nowMs += milliseconds;
      });
    await spend(100);
    clock.nowMs += 5000;
    expect(limit.use()).toBe(1 / 4);
    await Promise.all([spend(30), spend(70)]);
    expect(limit.use()).toBeGreaterThan(1 / 4);
    expect(limit.use()).toBeLessThanOrEqual(1);
  });
});
