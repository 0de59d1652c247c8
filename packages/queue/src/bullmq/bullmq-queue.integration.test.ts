import type { RolloutJob } from "@litmus/core";
import { buildRolloutJob, describeRolloutQueue } from "@litmus/testing";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { groupJobId } from "../messages/job-id.ts";
import { openBullMqQueue } from "./open-bullmq-queue.ts";
import { dispatchCounted, newQueueOptions, testRedisUrl } from "./testing/redis-queue-tests.ts";

const patient = { timeout: 60_000, interval: 20 };

describe.skipIf(testRedisUrl === undefined)("a queue on Redis, the real server (LITMUS_TEST_REDIS)", () => {
  const url = testRedisUrl ?? "";
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(url, { maxRetriesPerRequest: null });
  });
  afterAll(() => redis.disconnect());

  describeRolloutQueue("BullMQ on Redis", () => openBullMqQueue(newQueueOptions(url)));

  it("kills a job that cannot be read, says why, and goes on", async () => {
    const options = newQueueOptions(url);
    const queue = await openBullMqQueue(options);
    const raw = new Queue("rollouts", { connection: redis, prefix: options.prefix ?? "" });
    const job = buildRolloutJob(0);
    const id = groupJobId(job.group);
    await raw.add("group", { ...job, schemaVersion: 2 }, { jobId: id });
    await raw.add("group", "no job", { jobId: "x1" });
    await raw.add("group", buildRolloutJob(1), { jobId: "x2" });
    const { settled, ended } = dispatchCounted(queue, [job, buildRolloutJob(2)]);
    // The dispatch must find the job of the other version before a worker has settled it.
    await vi.waitFor(async () => expect((await queue.overview()).waiting).toBe(4), patient);
    const stop = new AbortController();
    const worked = queue.work(async () => ({ failed: [] }), { concurrency: 1, signal: stop.signal });
    await ended;
    stop.abort();
    await worked;
    const failure = { boundary: "queue", code: "unsupported-job-version", retryable: false };
    expect(settled).toMatchObject([
      { group: 0, outcome: { type: "dead", failure } },
      { group: 2, outcome: { type: "done" } },
    ]);
    const dead = new Map((await queue.deadJobs()).map((entry) => [entry.id, entry]));
    expect(dead.get(id)).toMatchObject({ job: null, failure, attempts: 1 });
    expect(dead.get("x1")).toMatchObject({ job: null, failure: { code: "malformed-job" } });
    expect(dead.get("x2")).toMatchObject({ job: null, failure: { code: "malformed-job" } });
    await raw.close();
    await queue.close();
  });

  it("calls a result that cannot be read a dead job", async () => {
    const options = newQueueOptions(url);
    const queue = await openBullMqQueue(options);
    const { settled, ended } = dispatchCounted(queue, [buildRolloutJob(0)]);
    const { Worker } = await import("bullmq");
    const stranger = new Worker("rollouts", async () => ({ schemaVersion: 9 }), {
      connection: redis,
      prefix: options.prefix ?? "",
    });
    await ended;
    await stranger.close();
    expect(settled).toMatchObject([{ outcome: { type: "dead", failure: { code: "malformed-result" } } }]);
    await queue.close();
  });

  it("replaces a record that is no JSON at all", async () => {
    const options = newQueueOptions(url);
    const queue = await openBullMqQueue(options);
    const job = buildRolloutJob(0);
    await redis.hset(`${options.prefix ?? ""}:rollouts:${groupJobId(job.group)}`, "data", "{", "name", "group");
    const stop = new AbortController();
    const worked = queue.work(async () => ({ failed: [] }), { concurrency: 1, signal: stop.signal });
    const { settled, ended } = dispatchCounted(queue, [job]);
    await ended;
    stop.abort();
    await worked;
    expect(settled).toMatchObject([{ outcome: { type: "done" } }]);
    await queue.close();
  });

  it("adds thousands in chunks, lets two processes' worth of queues share them, and keeps few records", async () => {
    const options = { ...newQueueOptions(url), keptDone: 50 };
    const queues = await Promise.all([openBullMqQueue(options), openBullMqQueue(options)]);
    const [mine, other] = queues as [(typeof queues)[0], (typeof queues)[0]];
    const jobs: RolloutJob[] = Array.from({ length: 1_200 }, (_, group) => buildRolloutJob(group));
    const made = new Map<number, number>();
    const stop = new AbortController();
    const worked = queues.map((queue, place) =>
      queue.work(
        async ({ group }) => {
          made.set(group.group, place);
          return { failed: [] };
        },
        { concurrency: 4, signal: stop.signal },
      ),
    );
    const { settled, ended } = dispatchCounted(mine, jobs);
    await ended;
    stop.abort();
    await Promise.all(worked);
    expect(new Set(settled.map(({ group }) => group)).size).toBe(jobs.length);
    expect(settled).toHaveLength(jobs.length);
    expect(made.size).toBe(jobs.length);
    expect(new Set(made.values()).size).toBe(2);
    const records = await redis.zcard(`${options.prefix}:rollouts:completed`);
    expect(records).toBeLessThanOrEqual(50);
    await Promise.all([mine.close(), other.close()]);
  });

  it("does not tell the password", async () => {
    const withPassword = url.replace("redis://", "redis://nobody:hunter2@");
    const error: unknown = await openBullMqQueue(newQueueOptions(withPassword)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid-config", message: expect.stringContaining("refused") });
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });

  it("aborts the attempt of a job that was withdrawn in another process", async () => {
    const options = { ...newQueueOptions(url), lockMs: 1_500 };
    const [asking, serving] = [await openBullMqQueue(options), await openBullMqQueue(options)];
    const stop = new AbortController();
    const started = Promise.withResolvers<void>();
    const lost = Promise.withResolvers<unknown>();
    const worked = serving.work(
      async (_job, { signal }) => {
        started.resolve();
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
        lost.resolve(signal.reason);
        return { failed: [] };
      },
      { concurrency: 1, signal: stop.signal },
    );
    const withdraw = new AbortController();
    const { settled, ended } = dispatchCounted(asking, [buildRolloutJob(0)], withdraw.signal);
    await started.promise;
    withdraw.abort();
    await expect(ended).rejects.toThrow();
    expect(await lost.promise).toMatchObject({ code: "conflict" });
    stop.abort();
    await worked;
    expect(settled).toEqual([]);
    expect(await serving.overview()).toEqual({ waiting: 0, active: 0, dead: 0, workers: [] });
    await asking.close();
    await serving.close();
  });

  it("finds jobs without events: polling alone", async () => {
    const options = newQueueOptions(url);
    const queue = await openBullMqQueue(options);
    const { settled, ended } = dispatchCounted(queue, [buildRolloutJob(0)]);
    await vi.waitFor(async () => expect((await queue.overview()).waiting).toBe(1), patient);
    // Nobody can read this as a stream: every reading of events fails from here on.
    const events = `${options.prefix ?? ""}:rollouts:events`;
    await redis.del(events);
    await redis.set(events, "no stream");
    const id = groupJobId(buildRolloutJob(0).group);
    const key = `${options.prefix ?? ""}:rollouts:${id}`;
    const result = JSON.stringify({ schemaVersion: 1, failed: "[]" });
    await redis.hset(key, "returnvalue", result, "finishedOn", Date.now());
    await ended;
    expect(settled).toMatchObject([{ outcome: { type: "done" } }]);
    await queue.close();
  });
});
