import { buildRolloutJob, describeRolloutQueue } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { createInProcessQueue } from "./create-in-process-queue.ts";

describeRolloutQueue("in one process", async () => createInProcessQueue());

describe("a queue in one process", () => {
  it("repeats itself: starts, retries and settlements come in one order", async () => {
    const runOnce = async (): Promise<string[]> => {
      const queue = createInProcessQueue({ attempts: 2 });
      const events: string[] = [];
      const stop = new AbortController();
      const worked = queue.work(
        async ({ group }, { number }) => {
          events.push(`start ${group.group} ${number}`);
          if (group.group % 3 === 0) throw new Error("every third");
          return { failed: [] };
        },
        { concurrency: 2, signal: stop.signal },
      );
      await queue.dispatch(
        Array.from({ length: 6 }, (_, group) => buildRolloutJob(group)),
        {
          signal: stop.signal,
          onSettled: ({ group }, { type }) => events.push(`${type} ${group.group}`),
        },
      );
      stop.abort();
      await worked;
      return events;
    };
    const first = await runOnce();
    expect(first).toHaveLength(14);
    expect(await runOnce()).toEqual(first);
  });

  it("remembers so many dead jobs, and no more", async () => {
    const queue = createInProcessQueue({ attempts: 1, keptDead: 2 });
    const stop = new AbortController();
    void queue.work(() => Promise.reject(new Error("always")), { concurrency: 1, signal: stop.signal });
    const jobs = [0, 1, 2].map((group) => buildRolloutJob(group));
    await queue.dispatch(jobs, { signal: stop.signal, onSettled: () => undefined });
    stop.abort();
    expect((await queue.deadJobs()).map(({ job }) => job?.group.group)).toEqual([2, 1]);
  });

  it("refuses numbers that are none", () => {
    expect(() => createInProcessQueue({ attempts: 0 })).toThrow(/attempts/);
    expect(() => createInProcessQueue({ keptDead: NaN })).toThrow(/keptDead/);
  });
});
