import { describe, expect, it } from "vitest";
import { isOutage, redisUnavailable, throughOutage } from "./redis-outage.ts";
import { readQueueSettings } from "./queue-settings.ts";
import { readRedisUrl } from "./redis-url.ts";

const bound = { shown: "redis://host", outageMs: 60_000 };

describe("addresses of a Redis", () => {
  it("are read whole, and shown without credentials", () => {
    expect(readRedisUrl("rediss://us%40er:p%3Aw@cache.example:6380/2")).toEqual({
      host: "cache.example",
      port: 6_380,
      database: 2,
      username: "us@er",
      password: "p:w",
      isEncrypted: true,
      shown: "rediss://cache.example:6380/2",
    });
    expect(readRedisUrl("redis://[::1]")).toMatchObject({ host: "::1", port: 6_379, database: 0, username: null });
    expect(readRedisUrl("redis://:secret@localhost/").shown).toBe("redis://localhost");
  });

  it("are refused without repeating them", () => {
    const secret = "hunter2";
    for (const url of [
      secret,
      `http://:${secret}@host`,
      `redis://:${secret}%@host`,
      `redis://:${secret}@host/name`,
      `redis://:${secret}@host/0?tls=1`,
    ]) {
      const read = (): unknown => readRedisUrl(url);
      expect(read).toThrow(expect.objectContaining({ code: "invalid-config" }));
      expect(read).not.toThrow(new RegExp(secret));
    }
  });
});

describe("options of the queue", () => {
  it("have defaults, and are refused by name", () => {
    expect(readQueueSettings({ url: "redis://host" })).toMatchObject({ attempts: 3, lockMs: 30_000 });
    expect(() => readQueueSettings({ url: "redis://host", attempts: 0 })).toThrow(
      expect.objectContaining({ code: "invalid-config", path: "attempts" }),
    );
    expect(() => readQueueSettings({ url: "redis://host", name: "a:b" })).toThrow(/name/);
  });
});

describe("a call through an outage", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

  it("is made again until it succeeds", async () => {
    let calls = 0;
    const call = async (): Promise<string> => {
      calls += 1;
      if (calls < 4) throw refused;
      return "answer";
    };
    expect(await throughOutage(call, bound)).toBe("answer");
    expect(calls).toBe(4);
  });

  it("ends at the bound with what to do, with the abort's reason, or at once for an error of another kind", async () => {
    const fail = (error: unknown) => (): Promise<never> => Promise.reject(error);
    await expect(throughOutage(fail(refused), { ...bound, outageMs: 1 })).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
      hint: expect.stringContaining("Start Redis"),
    });
    const reason = new Error("stop");
    const stop = new AbortController();
    const waiting = throughOutage(fail(refused), { ...bound, signal: stop.signal });
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(throughOutage(fail(new Error("WRONGTYPE Operation")), bound)).rejects.toThrow(/WRONGTYPE/);
  });

  it("is an outage when the server says that it cannot serve now", () => {
    for (const message of ["LOADING Redis is loading", "READONLY You can't write", "OOM command not allowed"])
      expect(isOutage(new Error(message))).toBe(true);
    expect(isOutage(new Error("ERR unknown command"))).toBe(false);
    expect(isOutage("text")).toBe(false);
    expect(redisUnavailable("redis://host", refused, 1_500).message).toContain("1.5 s");
  });
});
