import { buildRolloutJob, buildStoredTrajectory } from "@litmus/testing";
import { Redis } from "ioredis";
import { describe, expect, it, vi } from "vitest";
import { groupJobId } from "../messages/job-id.ts";
import { openBullMqQueue } from "./open-bullmq-queue.ts";
import { dispatchCounted, newQueueOptions, shortLocks, testRedisUrl } from "./testing/redis-queue-tests.ts";
import { startWorkerChild } from "./testing/start-worker-child.ts";

const done = { type: "done", failed: [] };

describe.skipIf(testRedisUrl === undefined)(
  "workers that end or stand still (LITMUS_TEST_REDIS)",
  { timeout: 600_000 },
  () => {
    const options = () => ({ ...newQueueOptions(testRedisUrl ?? ""), ...shortLocks });

    it("a killed worker's job is finished by another", async () => {
      const queueOptions = options();
      const queue = await openBullMqQueue(queueOptions);
      const killed = startWorkerChild({ queue: queueOptions, does: "hold" });
      const { settled, ended } = dispatchCounted(
        queue,
        [0, 1, 2].map((group) => buildRolloutJob(group)),
      );
      await killed.said("started 0 1");
      await killed.said("started 1 1");
      const other = startWorkerChild({ queue: queueOptions, does: "make" });
      await other.said("ready");
      killed.signal("SIGKILL");
      await ended;
      other.signal("SIGTERM");
      await other.ended;
      expect(settled.toSorted((a, b) => a.group - b.group)).toEqual(
        [0, 1, 2].map((group) => ({ group, outcome: done })),
      );
      const again = other.lines.find((line) => line.startsWith("started 0 "));
      expect(Number(again?.split(" ")[2]), "the crash counts as an attempt").toBeGreaterThan(1);
      expect(other.lines.at(-1)).toBe("drained");
      expect(await queue.overview()).toMatchObject({ waiting: 0, active: 0, dead: 0 });
      await queue.close();
    });

    it("a worker that stood still longer than its lock learns it, and its late result does not count", async () => {
      const queueOptions = options();
      const queue = await openBullMqQueue(queueOptions);
      const job = buildRolloutJob(0);
      const late = [buildStoredTrajectory({ key: { ...job.group, member: 0 }, reward: null })];
      const stopped = startWorkerChild({ queue: queueOptions, does: "hold", late });
      const { settled, ended } = dispatchCounted(queue, [job]);
      await stopped.said("started 0");
      stopped.signal("SIGSTOP");
      const other = startWorkerChild({ queue: queueOptions, does: "make" });
      await ended;
      expect(settled).toEqual([{ group: 0, outcome: done }]);
      stopped.signal("SIGCONT");
      await stopped.said("lost 0");
      for (const worker of [stopped, other]) worker.signal("SIGTERM");
      await Promise.all([stopped.ended, other.ended]);
      expect(settled, "settled twice").toEqual([{ group: 0, outcome: done }]);
      const redis = new Redis(testRedisUrl ?? "");
      const record = await redis.hget(`${queueOptions.prefix ?? ""}:rollouts:${groupJobId(job.group)}`, "returnvalue");
      redis.disconnect();
      expect(JSON.parse(record ?? ""), "the late result took the place").toEqual({ schemaVersion: 1, failed: "[]" });
      expect(await queue.overview()).toMatchObject({ waiting: 0, active: 0, dead: 0, workers: [] });
      await queue.close();
    });

    it("a worker that stood still, and gets its own lost job again, keeps it", async () => {
      // With a renewal by job, each attempt's end would cost the next one its lock, until the job is dead.
      const queueOptions = { ...options(), crashes: 3 };
      const queue = await openBullMqQueue(queueOptions);
      const worker = startWorkerChild({ queue: queueOptions, does: "hold-once" });
      const job = buildRolloutJob(0);
      const { settled, ended } = dispatchCounted(queue, [job]);
      await worker.said("started 0 1");
      worker.signal("SIGSTOP");
      const redis = new Redis(testRedisUrl ?? "");
      const lock = `${queueOptions.prefix ?? ""}:rollouts:${groupJobId(job.group)}:lock`;
      await vi.waitFor(async () => expect(await redis.exists(lock)).toBe(0), { timeout: 60_000, interval: 50 });
      redis.disconnect();
      worker.signal("SIGCONT");
      await ended;
      worker.signal("SIGTERM");
      await worker.ended;
      expect(settled).toEqual([{ group: 0, outcome: done }]);
      expect(worker.lines).toEqual(expect.arrayContaining(["lost 0", "started 0 2"]));
      await queue.close();
    });

    it("a job that ends its workers survives several, and then is dead", async () => {
      const queueOptions = { ...options(), crashes: 2 };
      const queue = await openBullMqQueue(queueOptions);
      const { settled, ended } = dispatchCounted(queue, [buildRolloutJob(0)]);
      let isOver = false;
      void ended.then(() => (isOver = true));
      let last = startWorkerChild({ queue: queueOptions, does: "crash" });
      const crashed: string[] = [];
      while (!isOver) {
        await Promise.race([last.ended, ended]);
        crashed.push(...last.lines.filter((line) => line.startsWith("started")));
        if (!isOver) last = startWorkerChild({ queue: queueOptions, does: "crash" });
      }
      last.signal("SIGKILL");
      await last.ended;
      expect(crashed).toEqual(["started 0 1", "started 0 2", "started 0 3"]);
      expect(settled).toMatchObject([{ outcome: { type: "dead", failure: { code: "workers-lost" } } }]);
      expect(await queue.deadJobs()).toMatchObject([{ job: buildRolloutJob(0), attempts: 3 }]);
      await queue.close();
    });
  },
);
