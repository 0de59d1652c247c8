import { createInProcessQueue } from "@litmus/queue";
import { buildRolloutJob, buildRun } from "@litmus/testing";
import { describe, expect, it } from "vitest";
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
    await using watch = watchQueue({ runs: async () => [buildRun()] }, createReporter(true));
    expect(await watch.view()).toBeNull();
  });
});
