import { inspect } from "node:util";
import type { Outcome, SampleResult } from "@litmus/core";
import { afterEach, describe, expect, it } from "vitest";
import { requestFor } from "../testing/sampling.ts";
import { engineNames } from "./openai-compatible-options.ts";
import type { OpenAiCompatiblePolicy } from "./served-policy.ts";
import { openServed, startFakeEngine } from "./testing/open-served.ts";
import type { FakeEngine } from "./testing/open-served.ts";

const engines: FakeEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map(({ server }) => server.close())));

async function start(name: FakeEngine["name"]): Promise<FakeEngine> {
  const engine = await startFakeEngine(name);
  engines.push(engine);
  return engine;
}

const act = (policy: OpenAiCompatiblePolicy): Promise<Outcome<SampleResult>> =>
  policy.sample(requestFor(policy.tokenizer.encode("Question"), { maxTokens: 3 }));

describe.each(engineNames)("an outage of %s", (name) => {
  it("is a failure that is worth a retry, of actions and of scores, and ends with the outage", async () => {
    const engine = await start(name);
    const policy = await openServed(engine, { maxRetries: 1 });
    engine.server.faults.push(...Array.from({ length: 4 }, () => ({ type: "drop" }) as const));
    const unreachable = { ok: false, failure: { boundary: "policy", code: "engine-unreachable", retryable: true } };
    expect(await act(policy)).toMatchObject(unreachable);
    expect(await policy.score([{ tokens: [1, 2, 3], positions: [2] }])).toMatchObject(unreachable);
    expect((await act(policy)).ok).toBe(true);
    expect(policy.metrics().sampledTokens).toBeGreaterThan(0);
  });

  it("keeps the key out of failures and out of the policy", async () => {
    const engine = await start(name);
    const apiKey = "sk-canary-0123456789";
    const policy = await openServed(engine, { apiKey });
    engine.server.faults.push({ type: "answer", status: 403, body: { error: `${apiKey} may not do this` } });
    const outcome = await act(policy);
    expect(outcome).toMatchObject({ ok: false, failure: { code: "engine-refused-key", retryable: false } });
    expect(JSON.stringify([outcome, policy]) + inspect(policy, { depth: 9 })).not.toContain(apiKey);
    expect(engine.server.requests.at(-1)?.headers.authorization).toBe(`Bearer ${apiKey}`);
  });
});

describe("a policy over HTTP", () => {
  it("has no more requests under way than it may, and ends them all when it closes", async () => {
    const engine = await start("vllm");
    const policy = await openServed(engine, { maxConcurrency: 2 });
    const before = engine.server.requests.length;
    const twoSeen = Promise.withResolvers<void>();
    engine.server.faults.push(...Array.from({ length: 5 }, () => ({ type: "hang" }) as const));
    engine.server.onRequest = () => {
      if (engine.server.requests.length === before + 2) twoSeen.resolve();
    };
    const pending = Array.from({ length: 5 }, () => act(policy));
    await twoSeen.promise;
    await policy.close();
    const outcomes = await Promise.all(pending);
    expect(outcomes.map((outcome) => !outcome.ok && outcome.failure.code)).toEqual(
      Array.from({ length: 5 }, () => "policy-closed"),
    );
    expect(engine.server.requests).toHaveLength(before + 2);
  });
});
