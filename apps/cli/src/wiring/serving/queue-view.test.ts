import { LitmusError, type RolloutQueue } from "@litmus/core";
import { loadConfig, type ExperimentConfig } from "@litmus/experiment";
import { createInProcessQueue } from "@litmus/queue";
import { buildRolloutJob, buildRun } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { environment } from "../../environment.ts";
import { createReporter } from "../../output/create-reporter.ts";
import { viewQueue, watchQueue } from "./queue-view.ts";

describe("the queue as the page shows it", () => {
  it("counts what waits and what was given up, and names the group and its failure", async () => {
    const queue = createInProcessQueue({ attempts: 1 });
    const stopping = new AbortController();
    const job = buildRolloutJob();
    const working = queue.work(() => Promise.reject(new Error("no sampler")), {
      concurrency: 1,
      signal: stopping.signal,
    });
    await queue.dispatch([job], { onSettled: () => undefined, signal: stopping.signal });
    const { runId, stage, step, group } = job.group;
    expect(await viewQueue(queue)).toMatchObject({
      engine: "BullMQ",
      waiting: 0,
      active: 0,
      dead: 1,
      workers: [{ processId: process.pid, done: 1 }],
      deadJobs: [{ group: `${runId} ${stage} step ${step} group ${group}`, attempts: 1, message: /no sampler/ }],
    });
    stopping.abort();
    await working;
    await queue.close();
  });

  it("is none where no run has workers", async () => {
    await using watch = watchQueue({ runs: async () => [buildRun()] }, { reporter: createReporter(true) });
    expect(await watch.view()).toBeNull();
  });

  it("is opened once by looks at the same time, again after it could not be, and is waited for a short while", async () => {
    const { config } = await loadConfig(environment.quickstart, [
      "store={engine: postgres}",
      "queue={engine: bullmq, outageMs: 60000}",
    ]);
    const opened: { queue: unknown; isClosed: boolean }[] = [];
    const open = async ({ queue: settings }: Pick<ExperimentConfig, "queue">): Promise<RolloutQueue> => {
      const entry = { queue: settings, isClosed: false };
      opened.push(entry);
      if (opened.length === 1) throw new LitmusError("unavailable", "Redis is away");
      const queue = createInProcessQueue({ attempts: 1 });
      return Object.assign(queue, { close: async () => void (entry.isClosed = true) });
    };
    const watch = watchQueue({ runs: async () => [buildRun({ config })] }, { reporter: createReporter(true), open });
    for (const { status } of await Promise.allSettled([watch.view(), watch.view()])) expect(status).toBe("rejected");
    expect(opened).toHaveLength(1);
    const views = await Promise.all([watch.view(), watch.view(), watch.view()]);
    for (const view of views) expect(view).toMatchObject({ engine: "BullMQ", waiting: 0 });
    expect(await watch.view()).not.toBeNull();
    expect(opened).toHaveLength(2);
    expect(opened[1]?.queue).toMatchObject({ engine: "bullmq", outageMs: 5_000 });
    const last = watch.view();
    await watch[Symbol.asyncDispose]();
    expect(await last).toMatchObject({ engine: "BullMQ" });
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([false, true]);
  });
});
