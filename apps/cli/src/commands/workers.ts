import type { DeadJob, QueueOverview } from "@litmus/core";
import { loadConfig } from "@litmus/experiment";
import { createReporter } from "../output/create-reporter.ts";
import { openWorkersQueue } from "../wiring/open-queue.ts";

interface WorkersOptions {
  readonly set: readonly string[];
  readonly json: boolean;
}

/** `litmus workers`: who makes the groups of an experiment, what waits, and what was given up. */
export async function workers(configPath: string, options: WorkersOptions): Promise<void> {
  const reporter = createReporter(options.json);
  const { config } = await loadConfig(configPath, options.set);
  const queue = await openWorkersQueue(config, reporter);
  try {
    const [overview, dead] = await Promise.all([queue.overview(), queue.deadJobs()]);
    reporter.result({ type: "workers", experiment: config.name, ...overview, deadJobs: dead }, textOf(overview, dead));
  } finally {
    await queue.close();
  }
}

function textOf({ waiting, active, dead, workers }: QueueOverview, deadJobs: readonly DeadJob[]): string {
  const rows = workers.map(
    (worker) =>
      `${worker.host} ${worker.processId}`.padEnd(32) +
      `${worker.active} at work, ${worker.done} done, since ${worker.startedAt}, last seen ${worker.lastSeenAt}`,
  );
  const given = deadJobs.map(({ id, job, failure, attempts }) => {
    const group =
      job === null ? id : `${job.group.runId} ${job.group.stage} step ${job.group.step} group ${job.group.group}`;
    return `given up after ${attempts} attempts: ${group}: ${failure.message}`;
  });
  return [
    `groups: ${waiting} waiting, ${active} at work, ${dead} given up`,
    ...(rows.length === 0 ? ["no worker"] : rows),
    ...given,
  ].join("\n");
}
