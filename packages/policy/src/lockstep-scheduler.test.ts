import { deriveSeed } from "@litmus/core";
import type { Outcome, SampleRequest } from "@litmus/core";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LockstepScheduler } from "./lockstep-scheduler.ts";
import { FakeEngine, fakeDraw, fakeEndToken, fakeLogProbs } from "./testing/fake-engine.ts";
import type { FakeEngineOptions } from "./testing/fake-engine.ts";
import type { Action } from "./turn-work.ts";

const newCounters = () => ({ ticks: 0, busySlots: 0, sampledTokens: 0, prefilledTokens: 0 });

interface Setup extends Partial<FakeEngineOptions> {
  readonly slots?: number;
  readonly keptPrefixes?: number;
}

function setUp({ slots = 2, keptPrefixes = 1, ...options }: Setup = {}) {
  const engine = new FakeEngine({
    sequences: slots + keptPrefixes + 1,
    contextTokens: 400,
    batchTokens: 16,
    ...options,
  });
  const counters = newCounters();
  return { engine, counters, scheduler: new LockstepScheduler(engine, { slots, counters }) };
}

let episodes = 0;

function request(changes: Partial<SampleRequest> = {}): SampleRequest {
  const episodeId = `episode ${episodes++}`;
  return {
    episodeId,
    tokens: [3, 4, 5],
    sharedPrefixLength: 0,
    maxTokens: 5,
    temperature: 1,
    seed: 1,
    stopTexts: [],
    ...changes,
  };
}

/** What sampling one token after the other, alone and without a cache, gives. */
function reference({ tokens, maxTokens, temperature, seed }: SampleRequest, contextTokens: number): number[] {
  const action: number[] = [];
  while (action.length < maxTokens && tokens.length + action.length < contextTokens && action.at(-1) !== fakeEndToken) {
    action.push(fakeDraw([...tokens, ...action], { temperature, seed: deriveSeed(seed, action.length) }).token);
  }
  return action;
}

function actionOf(outcome: Outcome<Action>): Action {
  if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  return outcome.value;
}

const filler = (length: number, salt = 0): number[] =>
  Array.from({ length }, (_, i) => 1 + ((i * 7 + salt + (i >> 3)) % 11));

async function eventLoopTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("lockstep scheduler", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("gives every episode what it would get alone, whatever else runs", async () => {
    const episode = fc.record({
      own: fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 1, maxLength: 20 }),
      prefix: fc.integer({ min: 0, max: 2 }),
      group: fc.integer({ min: 0, max: 2 }),
      observation: fc.oneof(
        fc.array(fc.integer({ min: 1, max: 11 }), { maxLength: 30 }),
        fc.constantFrom(filler(45, 1), filler(45, 2)),
      ),
      turns: fc.integer({ min: 1, max: 3 }),
      maxTokens: fc.integer({ min: 1, max: 12 }),
      temperature: fc.constantFrom(0, 1),
      pause: fc.integer({ min: 0, max: 6 }),
      breaksPrefix: fc.boolean(),
    });
    const setups = fc.record({
      slots: fc.integer({ min: 1, max: 5 }),
      keptPrefixes: fc.integer({ min: 0, max: 2 }),
      batchTokens: fc.integer({ min: 5, max: 40 }),
      contextTokens: fc.constantFrom(60, 100, 400),
      canCopy: fc.boolean(),
      canTruncate: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(episode, { minLength: 1, maxLength: 9 }), setups, async (all, options) => {
        const { engine, scheduler, counters } = setUp(options);
        let sampled = 0;
        const play = async ({
          own,
          prefix,
          group,
          observation,
          turns,
          pause,
          breaksPrefix,
          ...rest
        }: (typeof all)[number]) => {
          for (let i = 0; i < pause; i++) await new Promise((resolve) => setImmediate(resolve));
          const shared = filler(prefix * 20, prefix);
          const base = request({ ...rest, sharedPrefixLength: shared.length });
          let tokens = [...shared, ...filler(group * 25, 5 + group), ...own];
          for (let turn = 0; turn < turns; turn++) {
            const now = { ...base, tokens, seed: turn };
            const action = actionOf(await scheduler.sample(now));
            expect(action.tokens).toEqual(reference(now, engine.contextTokens));
            expect(action.logProbs).toHaveLength(action.tokens.length);
            sampled += action.tokens.length;
            const kept = breaksPrefix ? tokens.slice(0, -1) : [...tokens, ...action.tokens];
            tokens = [...kept, ...observation].slice(0, engine.contextTokens);
            if (tokens.length === 0) break;
          }
          scheduler.release(base.episodeId);
        };
        await Promise.all(all.map(play));
        expect(counters.sampledTokens).toBe(sampled);
      }),
      { numRuns: 150 },
    );
  });

  it("returns the log-probability of every token under the whole distribution", async () => {
    const { scheduler } = setUp();
    const asked = request({ maxTokens: 8 });
    const { tokens, logProbs } = actionOf(await scheduler.sample(asked));
    tokens.forEach((token, i) =>
      expect(logProbs[i]).toBe(fakeLogProbs([...asked.tokens, ...tokens.slice(0, i)])[token]),
    );
  });

  it("evaluates one batch a token for all decoding episodes", async () => {
    const { engine, scheduler } = setUp({ slots: 4 });
    await Promise.all(
      [1, 2, 3, 4].map((seed) => scheduler.sample(request({ seed, temperature: 0, tokens: [2, 3, 4] }))),
    );
    const decoding = engine.batches.slice(1);
    expect(decoding.every((rows) => rows.length === 4 && rows.every((row) => row.tokens.length === 1))).toBe(true);
  });

  it("does not let a long prefill starve the others, nor cut a batch short", async () => {
    const { engine, scheduler } = setUp({ slots: 3, batchTokens: 10 });
    const short = scheduler.sample(request({ tokens: [2, 3], maxTokens: 12, temperature: 0 }));
    const long = scheduler.sample(request({ tokens: filler(300), maxTokens: 1 }));
    const { tokens } = actionOf(await short);
    const upToEnd = engine.batches.slice(0, tokens.length);
    expect(upToEnd.every((rows) => rows.some((row) => row.sequence === 0))).toBe(true);
    expect(upToEnd.slice(1).every((rows) => rows.reduce((sum, row) => sum + row.tokens.length, 0) === 10)).toBe(true);
    expect(actionOf(await long).tokens).toHaveLength(1);
  });

  it("evaluates only what an episode adds to its context", async () => {
    const { engine, scheduler } = setUp();
    const first = request({ tokens: filler(30), maxTokens: 4, temperature: 0 });
    const { tokens: action, usage } = actionOf(await scheduler.sample(first));
    expect(usage).toEqual({ prefilledTokens: 30, cachedTokens: 0, sampledTokens: action.length });
    const before = engine.evaluatedTokens;
    const tokens = [...first.tokens, ...action, 7, 8, 9];
    const second = actionOf(await scheduler.sample({ ...first, tokens, maxTokens: 1 }));
    expect(second.usage).toEqual({ prefilledTokens: 4, cachedTokens: tokens.length - 4, sampledTokens: 1 });
    expect(engine.evaluatedTokens - before).toBe(4);
  });

  it("evaluates a shared prefix once, also for later episodes, and keeps what two prefixes share", async () => {
    const { engine, scheduler, counters } = setUp({ slots: 2, keptPrefixes: 2, batchTokens: 32 });
    const prefix = filler(100);
    const play = async (shared: readonly number[], salt: number) => {
      const asked = request({
        tokens: [...shared, ...filler(5, salt)],
        sharedPrefixLength: shared.length,
        maxTokens: 1,
      });
      const { usage } = actionOf(await scheduler.sample(asked));
      scheduler.release(asked.episodeId);
      return usage;
    };
    const usages = await Promise.all([1, 2, 3, 4, 5, 6].map((salt) => play(prefix, salt)));
    expect(usages.every(({ cachedTokens, prefilledTokens }) => cachedTokens === 100 && prefilledTokens === 5)).toBe(
      true,
    );
    expect(counters.prefilledTokens).toBe(100 + 6 * 5);
    await play([...prefix, ...filler(10, 50)], 7);
    expect(counters.prefilledTokens).toBe(100 + 6 * 5 + 10 + 5);
    await play(filler(60, 90), 8);
    await play([...prefix, ...filler(10, 50)], 9);
    expect(counters.prefilledTokens).toBe(100 + 6 * 5 + 10 + 5 + 60 + 5 + 5);
    expect(engine.copies).toBeGreaterThan(6);
  });

  it("evaluates once what the episodes of a group have in common, in later turns too", async () => {
    const { engine, scheduler, counters } = setUp({ slots: 4, batchTokens: 64 });
    const [question, results] = [filler(60), filler(100, 3)];
    const play = async (seed: number): Promise<void> => {
      const asked = request({ tokens: question, seed, maxTokens: 1 });
      const { tokens: action } = actionOf(await scheduler.sample(asked));
      expect(action).toEqual(reference(asked, engine.contextTokens));
      const next = { ...asked, tokens: [...question, 7, ...results, seed] };
      expect(actionOf(await scheduler.sample(next)).tokens).toEqual(reference(next, engine.contextTokens));
    };
    await Promise.all([1, 2, 3, 4].map(play));
    // Of each its last token: the question's, which gives the first output, and the one that differs.
    expect(counters.prefilledTokens).toBe(60 + 3 + 101 + 4);
    expect(engine.copies).toBe(6);
  });

  it("gives an episode that has searched a moment to ask for its next turn, and no longer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { counters, scheduler } = setUp({ slots: 2 });
    const long = scheduler.sample(request({ maxTokens: 12, temperature: 0 }));
    const searching = request({ tokens: [6, 7], maxTokens: 1 });
    const { tokens } = actionOf(await scheduler.sample(searching));
    await eventLoopTurns(10);
    expect(counters).toMatchObject({ ticks: 1, busySlots: 2 });
    await scheduler.sample({ ...searching, tokens: [...searching.tokens, ...tokens, 8] });
    expect(counters).toMatchObject({ ticks: 2, busySlots: 4 });
    await eventLoopTurns(10);
    expect(counters.ticks).toBe(2);
    vi.advanceTimersByTime(5);
    await long;
    expect(counters.busySlots).toBe(counters.ticks + 2);
  });

  it("waits now and then alone where searches take longer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { counters, scheduler } = setUp({ slots: 2 });
    const long = scheduler.sample(request({ maxTokens: 60, temperature: 0, tokens: [2, 3, 4] }));
    const inVain: number[] = [];
    for (let search = 0; search < 6; search++) {
      const searching = request({ tokens: [6, 7], maxTokens: 1 });
      await scheduler.sample(searching);
      scheduler.release(searching.episodeId);
      await eventLoopTurns(10);
      inVain.push(vi.getTimerCount());
      vi.advanceTimersByTime(5);
      await eventLoopTurns(2);
    }
    expect(inVain).toEqual([1, 1, 1, 1, 0, 0]);
    expect(counters.ticks).toBeGreaterThan(6);
    vi.useRealTimers();
    await long;
  });

  it("makes episodes wait for a slot in order, while those that have one go on", async () => {
    const { scheduler } = setUp({ slots: 1 });
    const order: string[] = [];
    const [first, second, third] = [request(), request(), request()] as const;
    await scheduler.sample(first);
    const waiting = [second, third].map((asked) => scheduler.sample(asked).then(() => order.push(asked.episodeId)));
    await scheduler.sample({ ...first, tokens: [...first.tokens, 6] });
    expect(order).toEqual([]);
    scheduler.release(first.episodeId);
    await waiting[0];
    expect(order).toEqual([second.episodeId]);
    scheduler.release(second.episodeId);
    await waiting[1];
    expect(order).toEqual([second.episodeId, third.episodeId]);
  });

  it("frees the slot of an episode that is released while it samples or waits", async () => {
    const { scheduler } = setUp({ slots: 1 });
    const [live, waiting, next] = [request({ tokens: filler(200) }), request(), request()] as const;
    const outcomes = Promise.all([scheduler.sample(live), scheduler.sample(waiting)]);
    await new Promise((resolve) => setImmediate(resolve));
    scheduler.release(live.episodeId);
    scheduler.release(waiting.episodeId);
    expect((await outcomes).map((outcome) => (outcome.ok ? "ok" : outcome.failure.code))).toEqual([
      "aborted",
      "aborted",
    ]);
    expect(actionOf(await scheduler.sample(next)).tokens).toEqual(reference(next, 400));
  });

  it("refuses a second request of an episode that is being sampled", async () => {
    const { scheduler } = setUp();
    const asked = request();
    const [first, second] = await Promise.all([scheduler.sample(asked), scheduler.sample(asked)]);
    expect(first.ok).toBe(true);
    expect(second).toMatchObject({ ok: false, failure: { code: "episode-busy", retryable: false } });
  });

  it("fails the turns of an evaluation that fails, and starts the next ones afresh", async () => {
    const { engine, scheduler } = setUp();
    const idle = request();
    const first = actionOf(await scheduler.sample(idle));
    engine.failNext = true;
    const shared = { tokens: filler(60), sharedPrefixLength: 50 };
    const failed = request(shared);
    expect(await scheduler.sample(failed)).toMatchObject({ ok: false, failure: { code: "evaluation-failed" } });
    scheduler.release(failed.episodeId);
    const retried = { ...request(shared), seed: 4 };
    expect(actionOf(await scheduler.sample(retried)).tokens).toEqual(reference(retried, 400));
    const next = { ...idle, tokens: [...idle.tokens, ...first.tokens, 9] };
    expect(actionOf(await scheduler.sample(next)).tokens).toEqual(reference(next, 400));
  });

  it("keeps decoding sequences next to each other", async () => {
    const { engine, scheduler } = setUp({ slots: 4, batchTokens: 16 });
    const asked = [4, 12, 4, 12].map((maxTokens, seed) =>
      request({ maxTokens, seed, tokens: [2, 3, 4 + seed], temperature: 0 }),
    );
    const outcomes = await Promise.all(
      asked.map(async (one) => {
        const action = actionOf(await scheduler.sample(one));
        scheduler.release(one.episodeId);
        return action.tokens;
      }),
    );
    expect(outcomes).toEqual(asked.map((one) => reference(one, 400)));
    for (const rows of engine.batches) {
      const ids = rows.map((row) => row.sequence);
      expect(ids).toEqual(ids.map((_, i) => i));
    }
  });

  it("scores any positions, a few outputs at a time, beside sampling", async () => {
    const { engine, scheduler } = setUp({ batchTokens: 64 });
    const tokens = filler(150);
    const positions = [1, 2, ...Array.from({ length: 90 }, (_, i) => i + 20), 149];
    const [{ outcome }, action] = [
      scheduler.score([
        { tokens, positions },
        { tokens: [1, 2], positions: [] },
      ]),
      scheduler.sample(request()),
    ];
    const expected = positions.map((position) => fakeLogProbs(tokens.slice(0, position))[tokens[position] as number]);
    expect(await outcome).toEqual({ ok: true, value: [expected, []] });
    expect((await action).ok).toBe(true);
    expect(Math.max(...engine.batches.flat().map((row) => row.outputs.length))).toBeLessThanOrEqual(32);
  });

  it("gives a score up when asked to", async () => {
    const { scheduler } = setUp();
    const { outcome, abort } = scheduler.score([{ tokens: filler(300), positions: [299] }]);
    await new Promise((resolve) => setImmediate(resolve));
    abort();
    expect(await outcome).toMatchObject({ ok: false, failure: { code: "aborted" } });
    expect(await scheduler.score([{ tokens: [1, 2], positions: [1] }]).outcome).toMatchObject({ ok: true });
  });
});
