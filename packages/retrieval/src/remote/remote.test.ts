import { type Outcome, fail, succeed } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { MicroBatcher } from "./micro-batcher.ts";
import { circuitOpen, retrievalFailure, timedOut } from "./search-failures.ts";
import { sendWithRetries } from "./send-with-retries.ts";
import { readServerUrl } from "./server-url.ts";
import { createManualTiming } from "@litmus/testing";
import { withDeadline } from "./with-deadline.ts";

const overloaded = fail(retrievalFailure("search-overloaded", "busy", true));
const rejected = fail(retrievalFailure("search-rejected", "no", false));
const retry = { attempts: 4, firstDelayMs: 100, maxDelayMs: 250 };
const signal = new AbortController().signal;
const instant = () => createManualTiming({ instantBelowMs: Infinity });

describe("retries", () => {
  /** Answers from a script, one list a request. */
  const scripted = (script: readonly (readonly Outcome<string>[])[]) => {
    const sent: (readonly string[])[] = [];
    const send = async (items: readonly string[]) => {
      sent.push(items);
      return script[sent.length - 1] ?? [];
    };
    return { sent, send };
  };

  it("repeat only the items that may succeed later, and keep every answer in its place", async () => {
    const timing = instant();
    const { sent, send } = scripted([
      [succeed("A"), overloaded, rejected, overloaded],
      [overloaded, succeed("D")],
      [succeed("B")],
    ]);
    const breaker = new CircuitBreaker(timing);
    const outcomes = await sendWithRetries(["a", "b", "c", "d"], send, { retry, breaker, timing, signal });
    expect(sent).toEqual([["a", "b", "c", "d"], ["b", "d"], ["b"]]);
    expect(outcomes).toEqual([succeed("A"), succeed("B"), rejected, succeed("D")]);
  });

  it("wait a random part of a bound that doubles up to its limit, and end after the last attempt", async () => {
    const timing = instant();
    const { sent, send } = scripted([[overloaded], [overloaded], [overloaded], [overloaded], [succeed("late")]]);
    const outcomes = await sendWithRetries(["a"], send, { retry, breaker: new CircuitBreaker(timing), timing, signal });
    expect(timing.waits).toEqual([50, 100, 125]);
    expect(sent).toHaveLength(4);
    expect(outcomes).toEqual([overloaded]);
  });

  it("end with the deadline, also while they wait", async () => {
    const timing = createManualTiming();
    const { sent, send } = scripted([[overloaded], [succeed("late")]]);
    const pending = withDeadline(
      (ending) => sendWithRetries(["a"], send, { retry, breaker: new CircuitBreaker(timing), timing, signal: ending }),
      { timeoutMs: 30, timing, outer: signal },
    );
    await timing.begun(2);
    timing.pass(30);
    expect(await pending).toEqual([fail(timedOut)]);
    expect(sent).toHaveLength(1);
  });
});

describe("circuit breaker", () => {
  it("opens after failures in a row, lets one probe through after a while, and closes when it succeeds", () => {
    const timing = createManualTiming();
    const breaker = new CircuitBreaker(timing, { failuresToOpen: 2, openMs: 1_000 });
    breaker.record("down");
    breaker.record("up");
    breaker.record("down");
    expect(breaker.allows()).toBe(true);
    breaker.record("down");
    timing.pass(999);
    expect(breaker.allows()).toBe(false);
    timing.pass(1);
    expect([breaker.allows(), breaker.allows()]).toEqual([true, false]);
    breaker.record("down");
    expect(breaker.allows()).toBe(false);
    timing.pass(1_000);
    expect(breaker.allows()).toBe(true);
    breaker.record("up");
    expect([breaker.allows(), breaker.allows()]).toEqual([true, true]);
  });

  it("is not held by a probe that the caller gave up", () => {
    const timing = createManualTiming();
    const breaker = new CircuitBreaker(timing, { failuresToOpen: 1, openMs: 10 });
    breaker.record("down");
    timing.pass(10);
    expect(breaker.allows()).toBe(true);
    breaker.record("unknown");
    expect(breaker.allows()).toBe(true);
  });

  it("fails requests at once while it is open; a refused request is no sign of a server that is down", async () => {
    const timing = createManualTiming({ instantBelowMs: 1_000 });
    const breaker = new CircuitBreaker(timing, { failuresToOpen: 1, openMs: 10_000 });
    let sent = 0;
    const send = (answer: Outcome<string>) => async (): Promise<Outcome<string>[]> => {
      sent++;
      return [answer];
    };
    const once = { retry: { ...retry, attempts: 1 }, breaker, timing, signal };
    await sendWithRetries(["a"], send(rejected), once);
    await sendWithRetries(["a"], send(overloaded), once);
    expect(sent).toBe(2);
    expect(await sendWithRetries(["a"], send(succeed("A")), once)).toEqual([fail(circuitOpen)]);
    expect(sent).toBe(2);
  });
});

describe("micro-batcher", () => {
  const create = (timing = createManualTiming()) => {
    const batches: (readonly number[])[] = [];
    const flush = async (items: readonly number[]): Promise<readonly number[]> => {
      batches.push(items);
      if (items.includes(-1)) throw new Error("a bug");
      return items.map((item) => item * 10);
    };
    return { timing, batches, batcher: new MicroBatcher(flush, timing, { maxItems: 3, maxWaitMs: 5 }) };
  };

  it("sends a full batch at once and a part of one when its time is over", async () => {
    const { timing, batches, batcher } = create();
    const results = [1, 2, 3, 4].map((item) => batcher.add(item));
    expect(batches).toEqual([[1, 2, 3]]);
    await timing.begun(2);
    timing.pass(4);
    await Promise.all(results.slice(0, 3));
    expect(batches).toHaveLength(1);
    timing.pass(1);
    expect(await Promise.all(results)).toEqual([10, 20, 30, 40]);
    expect(batches).toEqual([[1, 2, 3], [4]]);
  });

  it("rejects those whose batch was rejected, and no other", async () => {
    const { batcher } = create();
    const results = await Promise.allSettled([1, -1, 2, 3, 4, 5].map((item) => batcher.add(item)));
    expect(results.map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
      "rejected",
      "fulfilled",
      "fulfilled",
      "fulfilled",
    ]);
  });
});

describe("address of a server", () => {
  const hasCredentials = true;

  it.each(["file:///etc/hosts", "search", "ftp://a", "https://user:secret@host", "http://search.example:9200"])(
    "%s is refused, without its secrets in the message",
    (text) => {
      expect(() => readServerUrl(text, { hasCredentials })).toThrow(/search server|unencrypted/);
      expect(() => readServerUrl(text, { hasCredentials })).not.toThrow(/secret/);
    },
  );

  it("may carry credentials over https or to this machine, and none anywhere", () => {
    expect(readServerUrl("https://search.example", { hasCredentials }).host).toBe("search.example");
    expect(readServerUrl("http://[::1]:9200", { hasCredentials }).port).toBe("9200");
    expect(readServerUrl("http://search.example:9200", { hasCredentials: false }).port).toBe("9200");
  });
});
