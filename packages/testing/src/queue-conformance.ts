import { LitmusError } from "@litmus/core";
import type { RolloutHandler, RolloutJob, RolloutJobOutcome, RolloutQueue } from "@litmus/core";
import { describe, expect, it, vi } from "vitest";
import { buildRolloutJob } from "./build-rollout-job.ts";
import { buildStoredTrajectory, buildTrajectory } from "./build-trajectory.ts";

const patient = { timeout: 60_000, interval: 10 };
const never = new AbortController().signal;
const noFailures = { failed: [] };
const jobsOf = (count: number, first = 0): RolloutJob[] =>
  Array.from({ length: count }, (_, index) => buildRolloutJob(first + index));
const groupOf = (job: RolloutJob): number => job.group.group;

type Settled = readonly [group: number, outcome: RolloutJobOutcome];

const groupsOf = (settled: readonly Settled[]): number[] => settled.map(([group]) => group).toSorted((a, b) => a - b);

/** Dispatches, and keeps what settled. */
function dispatching(queue: RolloutQueue, jobs: readonly RolloutJob[], signal = never) {
  const settled: Settled[] = [];
  const ended = queue.dispatch(jobs, { signal, onSettled: (job, outcome) => settled.push([groupOf(job), outcome]) });
  ended.catch(() => undefined);
  return { settled, ended };
}

/** Works on a queue until it is told to stop. */
function working(queue: RolloutQueue, handler: RolloutHandler, concurrency = 1) {
  const stop = new AbortController();
  const ended = queue.work(handler, { concurrency, signal: stop.signal });
  ended.catch(() => undefined);
  return {
    ended,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

/** A handler that says what it starts, and ends a job when it is told to, or when its result no longer counts. */
function heldHandler() {
  const gate = Promise.withResolvers<void>();
  const started: number[] = [];
  const aborted: number[] = [];
  const handler: RolloutHandler = async (job, { signal }) => {
    started.push(groupOf(job));
    const lost = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await Promise.race([gate.promise, lost]);
    if (signal.aborted) aborted.push(groupOf(job));
    signal.throwIfAborted();
    return noFailures;
  };
  return { handler, started, aborted, release: () => gate.resolve() };
}

/** What every queue of groups promises. @param open makes an empty queue whose jobs have three attempts; the suite closes it */
export function describeRolloutQueue(name: string, open: () => Promise<RolloutQueue>): void {
  const withQueue = (title: string, body: (queue: RolloutQueue) => Promise<void>): void => {
    it(title, async () => {
      const queue = await open();
      try {
        await body(queue);
      } finally {
        await queue.close();
      }
    });
  };

  describe(`rollout queue: ${name}`, () => {
    withQueue("is empty at first, and has nothing to wait for without jobs", async (queue) => {
      expect(await queue.overview()).toEqual({ waiting: 0, active: 0, dead: 0, workers: [] });
      expect(await queue.deadJobs()).toEqual([]);
      await dispatching(queue, []).ended;
    });

    withQueue("settles every job once, with its failed episodes as they were", async (queue) => {
      const jobs = jobsOf(30);
      const failedOf = (job: RolloutJob) => [
        buildStoredTrajectory({
          key: { ...job.group, member: 1 },
          problemId: job.problemId,
          trajectory: buildTrajectory({
            logProbs: [NaN, -Infinity, -0, -1 / 3],
            outcome: { type: "failed", failure: { boundary: "policy", code: "x", message: "\0 é", retryable: true } },
          }),
          reward: null,
        }),
      ];
      const worker = working(queue, async (job) => ({ failed: failedOf(job) }), 4);
      const { settled, ended } = dispatching(queue, jobs);
      await ended;
      await worker.stop();
      expect(settled.toSorted(([a], [b]) => a - b)).toEqual(
        jobs.map((job) => [groupOf(job), { type: "done", failed: failedOf(job) }]),
      );
      expect(await queue.overview()).toMatchObject({ waiting: 0, active: 0, dead: 0 });
    });

    withQueue("gives the worker the job as it was added", async (queue) => {
      const job = buildRolloutJob(7, { prompt: "base", temperature: 0, seeds: [4_294_967_295, 0] });
      const seen: RolloutJob[] = [];
      const worker = working(queue, async (given) => {
        seen.push(given);
        return noFailures;
      });
      await dispatching(queue, [job]).ended;
      await worker.stop();
      expect(seen).toEqual([job]);
    });

    withQueue("starts jobs in the order in which they were added", async (queue) => {
      const order = [5, 3, 9, 0, 14, 2, 8, 1, 30, 4];
      const started: number[] = [];
      const { ended } = dispatching(
        queue,
        order.map((group) => buildRolloutJob(group)),
      );
      await vi.waitFor(async () => expect((await queue.overview()).waiting).toBe(order.length), patient);
      const worker = working(queue, async (job) => {
        started.push(groupOf(job));
        return noFailures;
      });
      await ended;
      await worker.stop();
      expect(started).toEqual(order);
    });

    withQueue("has as many jobs at once as it was told, and not more", async (queue) => {
      const three = Promise.withResolvers<void>();
      let running = 0;
      let most = 0;
      const handler: RolloutHandler = async () => {
        running += 1;
        most = Math.max(most, running);
        if (running === 3) three.resolve();
        await three.promise;
        running -= 1;
        return noFailures;
      };
      const worker = working(queue, handler, 3);
      await dispatching(queue, jobsOf(12)).ended;
      await worker.stop();
      expect(most).toBe(3);
    });

    withQueue("makes a failed job again, and gives it up after three attempts", async (queue) => {
      const attempts: number[][] = [[], []];
      const worker = working(queue, (job, { number }) => {
        attempts[groupOf(job)]?.push(number);
        if (groupOf(job) === 1) throw new LitmusError("unavailable", "no search server", { hint: "start it" });
        return number < 3 ? Promise.reject(new Error("not yet")) : Promise.resolve(noFailures);
      });
      const { settled, ended } = dispatching(queue, jobsOf(2));
      await ended;
      await worker.stop();
      expect(attempts).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]);
      const outcomes = new Map(settled);
      expect(outcomes.get(0)).toEqual({ type: "done", failed: [] });
      const failure = {
        boundary: "queue",
        code: "unavailable",
        message: expect.stringContaining("no search server: start it"),
      };
      expect(outcomes.get(1)).toMatchObject({ type: "dead", failure });
      expect(await queue.deadJobs()).toMatchObject([{ job: buildRolloutJob(1), failure, attempts: 3 }]);
      expect((await queue.overview()).dead).toBe(1);
    });

    withQueue("ends a dispatch with what its listener throws, and withdraws the rest", async (queue) => {
      const made: number[] = [];
      // All but the first stand until they are withdrawn.
      const worker = working(queue, async (job, { signal }) => {
        made.push(groupOf(job));
        if (groupOf(job) === 0) return noFailures;
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
        throw signal.reason;
      });
      const enough = new Error("too many failed");
      const onSettled = (): void => {
        throw enough;
      };
      await expect(queue.dispatch(jobsOf(5), { signal: never, onSettled })).rejects.toBe(enough);
      await worker.stop();
      expect(made.length).toBeLessThanOrEqual(2);
      expect((await queue.overview()).waiting).toBe(0);
    });

    withQueue("lists the dead newest first", async (queue) => {
      let lastMs = 0;
      const worker = working(queue, async () => {
        // Servers order by milliseconds.
        await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(lastMs + 1), patient);
        lastMs = Date.now();
        throw new Error("always");
      });
      for (const job of jobsOf(3)) await dispatching(queue, [job]).ended;
      await worker.stop();
      expect((await queue.deadJobs()).map(({ job }) => job?.group.group)).toEqual([2, 1, 0]);
    });

    withQueue("makes again what settled before, and forgets that it was dead", async (queue) => {
      let isBroken = true;
      const numbers: number[] = [];
      const worker = working(queue, async (_job, { number }) => {
        numbers.push(number);
        if (isBroken) throw new Error("broken");
        return noFailures;
      });
      const outcomes: unknown[] = [];
      for (const broken of [true, false, false]) {
        isBroken = broken;
        const { settled, ended } = dispatching(queue, jobsOf(1));
        await ended;
        outcomes.push(settled.map(([, { type }]) => type));
      }
      await worker.stop();
      expect(outcomes).toEqual([["dead"], ["done"], ["done"]]);
      expect(numbers).toEqual([1, 2, 3, 1, 1]);
      expect(await queue.deadJobs()).toEqual([]);
    });

    withQueue("withdraws on abort what waits and what is worked on", async (queue) => {
      const { handler, started, aborted } = heldHandler();
      const worker = working(queue, handler);
      const stop = new AbortController();
      const { settled, ended } = dispatching(queue, jobsOf(5), stop.signal);
      await vi.waitFor(() => expect(started).toEqual([0]), patient);
      const reason = new Error("stop");
      stop.abort(reason);
      await expect(ended).rejects.toBe(reason);
      await vi.waitFor(() => expect(aborted).toEqual([0]), patient);
      await worker.stop();
      expect([started, settled]).toEqual([[0], []]);
      expect(await queue.overview()).toEqual({ waiting: 0, active: 0, dead: 0, workers: [] });
      const next = working(queue, async () => noFailures);
      const again = dispatching(queue, jobsOf(5));
      await again.ended;
      await next.stop();
      expect(again.settled).toHaveLength(5);
    });

    withQueue("adds nothing when it is aborted before", async (queue) => {
      const reason = new Error("before");
      await expect(dispatching(queue, jobsOf(2), AbortSignal.abort(reason)).ended).rejects.toBe(reason);
      expect((await queue.overview()).waiting).toBe(0);
    });

    withQueue("makes a group once for two dispatches that want it at the same time", async (queue) => {
      const { handler, started, release } = heldHandler();
      const worker = working(queue, handler);
      const first = dispatching(queue, jobsOf(1));
      await vi.waitFor(() => expect(started).toEqual([0]), patient);
      const second = dispatching(queue, jobsOf(2));
      // Its second job is added after it has looked at the first.
      await vi.waitFor(async () => expect((await queue.overview()).waiting).toBe(1), patient);
      release();
      await Promise.all([first.ended, second.ended]);
      await worker.stop();
      expect(started).toEqual([0, 1]);
      expect([first.settled.length, second.settled.length]).toEqual([1, 2]);
    });

    withQueue("makes a group for the dispatch that stays when another withdraws", async (queue) => {
      const { handler, started, release } = heldHandler();
      const worker = working(queue, handler);
      const stop = new AbortController();
      const first = dispatching(queue, jobsOf(1), stop.signal);
      await vi.waitFor(() => expect(started).toEqual([0]), patient);
      const second = dispatching(queue, jobsOf(2));
      await vi.waitFor(async () => expect((await queue.overview()).waiting).toBe(1), patient);
      stop.abort();
      await expect(first.ended).rejects.toThrow();
      release();
      await second.ended;
      await worker.stop();
      expect(groupsOf(second.settled)).toEqual([0, 1]);
    });

    withQueue("settles a group for each time that one dispatch names it", async (queue) => {
      let made = 0;
      const { settled, ended } = dispatching(queue, [...jobsOf(2), ...jobsOf(1)]);
      await vi.waitFor(async () => expect((await queue.overview()).waiting).toBe(2), patient);
      const worker = working(queue, async () => {
        made += 1;
        return noFailures;
      });
      await ended;
      await worker.stop();
      expect(made).toBe(2);
      expect(groupsOf(settled)).toEqual([0, 0, 1]);
    });

    withQueue("finishes what was taken when it is told to stop, and leaves the rest to the next", async (queue) => {
      const { handler, started, release } = heldHandler();
      const worker = working(queue, handler);
      const { settled, ended } = dispatching(queue, jobsOf(3));
      await vi.waitFor(() => expect(started).toEqual([0]), patient);
      let hasEnded = false;
      const stopping = worker.stop().then(() => (hasEnded = true));
      await vi.waitFor(async () => expect((await queue.overview()).waiting).toBe(2), patient);
      expect(hasEnded).toBe(false);
      release();
      await stopping;
      expect(started).toEqual([0]);
      await vi.waitFor(() => expect(settled.map(([group]) => group)).toEqual([0]), patient);
      const next = working(queue, handler);
      await ended;
      await next.stop();
      expect(settled.map(([group]) => group)).toEqual([0, 1, 2]);
    });

    withQueue("says who works on what", async (queue) => {
      const { handler, started, release } = heldHandler();
      const worker = working(queue, handler, 2);
      const { ended } = dispatching(queue, jobsOf(3));
      await vi.waitFor(() => expect(started).toEqual([0, 1]), patient);
      const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      await vi.waitFor(async () => {
        const { workers, ...counts } = await queue.overview();
        expect(counts).toEqual({ waiting: 1, active: 2, dead: 0 });
        expect(workers).toMatchObject([{ processId: process.pid, startedAt: at, lastSeenAt: at, active: 2, done: 0 }]);
      }, patient);
      release();
      await ended;
      await vi.waitFor(async () => {
        expect((await queue.overview()).workers).toMatchObject([{ active: 0, done: 3 }]);
      }, patient);
      await worker.stop();
      await vi.waitFor(async () => expect((await queue.overview()).workers).toEqual([]), patient);
    });

    withQueue("rejects with what the listener throws, and withdraws the rest", async (queue) => {
      const worker = working(queue, async () => noFailures);
      const broken = new Error("broken listener");
      const ended = queue.dispatch(jobsOf(2), {
        signal: never,
        onSettled: () => {
          throw broken;
        },
      });
      await expect(ended).rejects.toBe(broken);
      await worker.stop();
      expect(await queue.overview()).toMatchObject({ waiting: 0, active: 0 });
    });

    withQueue("refuses a job that is none, and a concurrency that is none", async (queue) => {
      const bad = buildRolloutJob(0, { temperature: NaN });
      await expect(dispatching(queue, [...jobsOf(1), bad]).ended).rejects.toMatchObject({ code: "invalid-input" });
      for (const concurrency of [0, -1, 1.5, NaN]) {
        const ended = queue.work(async () => noFailures, { concurrency, signal: never });
        await expect(ended).rejects.toMatchObject({ code: "invalid-input" });
      }
      expect((await queue.overview()).waiting).toBe(0);
    });

    it("closes: dispatches end, taken jobs are finished, and nothing is taken any more", async () => {
      const queue = await open();
      const { handler, started, release } = heldHandler();
      const worker = working(queue, handler);
      const { settled, ended } = dispatching(queue, jobsOf(2));
      await vi.waitFor(() => expect(started).toEqual([0]), patient);
      const closed = queue.close();
      await expect(ended).rejects.toMatchObject({ code: "interrupted" });
      release();
      await closed;
      await worker.ended;
      await queue.close();
      expect([started, settled]).toEqual([[0], []]);
      await expect(dispatching(queue, jobsOf(1)).ended).rejects.toMatchObject({ code: "interrupted" });
    });
  });
}
