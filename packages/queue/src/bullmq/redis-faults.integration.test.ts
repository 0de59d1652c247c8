import type { RolloutQueue } from "@litmus/core";
import { buildRolloutJob, type RedisServer, startRedisServer } from "@litmus/testing";
import { Redis } from "ioredis";
import { describe, expect, it, vi } from "vitest";
import { type BullMqQueueOptions, openBullMqQueue } from "./open-bullmq-queue.ts";
import { dispatchCounted, newQueueOptions, shortLocks, testRedisUrl } from "./testing/redis-queue-tests.ts";

const patient = { timeout: 60_000, interval: 20 };
const jobs = Array.from({ length: 40 }, (_, group) => buildRolloutJob(group));

/** A dispatch and a worker on a server that something happens to, when a quarter of the jobs has settled. */
async function runThrough(server: RedisServer, happen: () => Promise<void>): Promise<void> {
  const options: BullMqQueueOptions = { ...newQueueOptions(server.url), ...shortLocks };
  const [asking, serving] = [await openBullMqQueue(options), await openBullMqQueue(options)];
  const stop = new AbortController();
  const worked = serving.work(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { failed: [] };
    },
    { concurrency: 2, signal: stop.signal },
  );
  const { settled, ended } = dispatchCounted(asking, jobs);
  await vi.waitFor(() => expect(settled.length).toBeGreaterThanOrEqual(10), patient);
  await happen();
  await ended;
  stop.abort();
  await worked;
  expect(settled.map(({ group }) => group).toSorted((a, b) => a - b)).toEqual(jobs.map((_, group) => group));
  expect(settled.every(({ outcome }) => outcome.type === "done")).toBe(true);
  await asking.close();
  await serving.close();
}

async function withServer(
  options: Parameters<typeof startRedisServer>[0],
  body: (server: RedisServer) => Promise<void>,
): Promise<void> {
  const server = await startRedisServer(options);
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

describe.skipIf(testRedisUrl === undefined)(
  "faults of Redis, each on a server of its own (LITMUS_TEST_REDIS)",
  { timeout: 300_000 },
  () => {
    it("all its data is deleted: the dispatch completes", () =>
      withServer({}, (server) =>
        runThrough(server, async () => {
          const redis = new Redis(server.url);
          await redis.flushall();
          redis.disconnect();
        }),
      ));

    for (const isDurable of [true, false]) {
      it(`it is killed and started again, ${isDurable ? "with" : "without"} its data: the dispatch completes`, () =>
        withServer({ isDurable }, (server) =>
          runThrough(server, async () => {
            await server.kill();
            await server.restart();
          }),
        ));
    }

    it("it stays away: dispatch and work end at the bound, and say what to do", () =>
      withServer({}, async (server) => {
        const options = { ...newQueueOptions(server.url), outageMs: 1_500 };
        const notices: string[] = [];
        const queue = await openBullMqQueue({ ...options, onNotice: ({ type }) => notices.push(type) });
        const { aborted, worked } = holdOneJob(queue);
        const { settled, ended } = dispatchCounted(queue, jobs.slice(0, 3));
        await vi.waitFor(async () => expect((await queue.overview()).active).toBe(1), patient);
        await server.kill();
        const unavailable = { code: "unavailable", hint: expect.stringContaining("Start Redis"), retryable: true };
        await expect(worked).rejects.toMatchObject(unavailable);
        await expect(ended).rejects.toMatchObject(unavailable);
        await aborted;
        await expect(queue.overview()).rejects.toMatchObject(unavailable);
        await expect(queue.deadJobs()).rejects.toMatchObject(unavailable);
        await queue.close();
        expect(settled).toEqual([]);
        expect(notices).toContain("redis-lost");
        await expect(openBullMqQueue(options)).rejects.toMatchObject(unavailable);
      }));

    it("it is away when a worker is told to stop, and comes back: the worker ends", () =>
      withServer({ isDurable: true }, async (server) => {
        const queue = await openBullMqQueue(newQueueOptions(server.url));
        const stop = new AbortController();
        const release = Promise.withResolvers<void>();
        const worked = queue.work(
          async () => {
            await release.promise;
            return { failed: [] };
          },
          { concurrency: 2, signal: stop.signal },
        );
        const { settled, ended } = dispatchCounted(queue, jobs.slice(0, 1));
        await vi.waitFor(async () => expect((await queue.overview()).active).toBe(1), patient);
        await server.kill();
        stop.abort();
        await vi.waitFor(() => expect(queue.overview()).rejects.toThrow(), patient);
        await server.restart();
        release.resolve();
        await worked;
        await ended;
        expect(settled).toMatchObject([{ outcome: { type: "done" } }]);
        await queue.close();
      }));

    it("it is away when the dispatch is aborted: it rejects all the same", () =>
      withServer({}, async (server) => {
        const queue = await openBullMqQueue(newQueueOptions(server.url));
        const stop = new AbortController();
        const { ended } = dispatchCounted(queue, jobs.slice(0, 1), stop.signal);
        await vi.waitFor(async () => expect((await queue.overview()).waiting).toBe(1), patient);
        await server.kill();
        const reason = new Error("stop");
        stop.abort(reason);
        await expect(ended).rejects.toBe(reason);
        await queue.close();
      }));

    it("it may evict keys: it is refused, with what to do", () =>
      withServer({ settings: { "maxmemory-policy": "allkeys-lru" } }, async (server) => {
        await expect(openBullMqQueue(newQueueOptions(server.url))).rejects.toMatchObject({
          code: "invalid-config",
          message: expect.stringContaining("allkeys-lru"),
          hint: expect.stringContaining("noeviction"),
        });
      }));

    it("it wants a password: the right one is taken, the wrong one is refused at once", () =>
      withServer({ settings: { requirepass: "s e:cret" } }, async (server) => {
        const url = (password: string): string => server.url.replace("//", `//:${encodeURIComponent(password)}@`);
        const queue = await openBullMqQueue(newQueueOptions(url("s e:cret")));
        expect(await queue.overview()).toMatchObject({ waiting: 0 });
        await queue.close();
        for (const wrong of [url("hunter2"), server.url])
          await expect(openBullMqQueue(newQueueOptions(wrong))).rejects.toMatchObject({
            code: "invalid-config",
            path: "url",
          });
      }));
  },
);

/** A worker that holds the first job it gets until its result does not count any more. */
function holdOneJob(queue: RolloutQueue): { readonly aborted: Promise<void>; readonly worked: Promise<void> } {
  const aborted = Promise.withResolvers<void>();
  const worked = queue.work(
    async (_job, { signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      aborted.resolve();
      return { failed: [] };
    },
    { concurrency: 1, signal: new AbortController().signal },
  );
  worked.catch(() => undefined);
  return { aborted: aborted.promise, worked };
}
