/** @file A worker in a process of its own, for tests that kill or stop it. Says what happens, one line each. */
import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { RolloutHandler, RolloutJobResult, StoredTrajectory } from "@litmus/core";
import { type BullMqQueueOptions, openBullMqQueue } from "../open-bullmq-queue.ts";

export interface WorkerChildScript {
  readonly queue: BullMqQueueOptions;
  /**
   * What it does with a job: makes it, holds it until its result does not count any more, ends its own process, or holds it
   * at the first attempt and makes it at the next, in more than the time of a lock.
   */
  readonly does: "make" | "hold" | "crash" | "hold-once";
  /** What it returns after it has held a job: a result that can be told from another worker's. */
  readonly late?: readonly StoredTrajectory[];
}

const say = (line: string): number => writeSync(1, `${line}\n`);

const script = JSON.parse(process.argv[2] ?? "") as WorkerChildScript;
const queue = await openBullMqQueue(script.queue);

const handler: RolloutHandler = async (job, { number, signal }): Promise<RolloutJobResult> => {
  say(`started ${job.group.group} ${number}`);
  if (script.does === "crash") process.kill(process.pid, "SIGKILL");
  if (script.does === "hold-once" && number > 1) await setTimeout((script.queue.lockMs ?? 0) * 1.5);
  if (script.does === "make" || (script.does === "hold-once" && number > 1)) return { failed: [] };
  while (!signal.aborted) await setTimeout(20);
  say(`lost ${job.group.group}`);
  return { failed: script.late ?? [] };
};

const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());
say("ready");
await queue.work(handler, { concurrency: 2, signal: stop.signal });
await queue.close();
say("drained");
