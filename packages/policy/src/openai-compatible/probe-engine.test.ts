import type { Tokenizer } from "@litmus/core";
import { createByteTokenizer } from "@litmus/testing";
import { afterEach, describe, expect, it } from "vitest";
import { requestFor, valueOf } from "../testing/sampling.ts";
import { engineNames } from "./openai-compatible-options.ts";
import type { EngineName } from "./openai-compatible-options.ts";
import { openServed, startFakeEngine } from "./testing/open-served.ts";
import type { FakeEngine } from "./testing/open-served.ts";
import type { FakeEngineStart } from "./testing/fake-vllm.ts";

const engines: FakeEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map(({ server }) => server.close())));

async function start(name: EngineName, changes: Partial<FakeEngineStart> = {}): Promise<FakeEngine> {
  const engine = await startFakeEngine(name, changes);
  engines.push(engine);
  return engine;
}

/** Where each engine writes what a policy cannot do without. */
const samplingPath = { vllm: "/v1/completions", sglang: "/generate", "llama-server": "/completion" } as const;
const fieldsOf = {
  vllm: ["token_ids", "logprobs"],
  sglang: ["output_token_logprobs"],
  "llama-server": ["tokens", "completion_probabilities"],
} as const;

/** A copy without the members of one name, however deep. */
function without(value: unknown, name: string): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === name ? undefined : member)));
}

describe("what an engine can do", () => {
  it.each(engineNames)("is found by asking: %s", async (name) => {
    const { capabilities, contextTokens } = await openServed(await start(name));
    expect(capabilities).toEqual({
      contextTokens: { vllm: 599, sglang: 594, "llama-server": 600 }[name],
      scores: true,
      logProbsFollowTemperature: name !== "llama-server",
      heedsSeeds: true,
    });
    expect(contextTokens).toBe(capabilities.contextTokens);
  });

  it.each(engineNames)("refuses to train on %s without ids or without log-probabilities", async (name) => {
    const engine = await start(name);
    for (const field of fieldsOf[name]) {
      engine.server.rewrite = (path, body) => (path === samplingPath[name] ? without(body, field) : body);
      await expect(openServed(engine)).rejects.toMatchObject({
        code: "incompatible",
        message: expect.stringContaining("nothing can be trained on this endpoint") as string,
        hint: expect.stringContaining("use") as string,
      });
    }
  });

  it.each(["vllm", "sglang"] as const)(
    "notes that %s reports log-probabilities before the temperature",
    async (name) => {
      const policy = await openServed(await start(name, { processedLogProbs: false }));
      expect(policy.capabilities.logProbsFollowTemperature).toBe(false);
      const tokens = policy.tokenizer.encode("Question");
      expect(valueOf(await policy.sample(requestFor(tokens, { temperature: 1 }))).logProbs).toHaveLength(1);
      const failure = { boundary: "policy", code: "temperature-not-reflected", retryable: false };
      expect(await policy.sample(requestFor(tokens, { temperature: 0.5 }))).toMatchObject({ ok: false, failure });
    },
  );

  it("lets other temperatures be sampled where log-probabilities follow them", async () => {
    const engine = await start("vllm");
    const policy = await openServed(engine);
    const tokens = policy.tokenizer.encode("Question");
    const hot = valueOf(await policy.sample(requestFor(tokens, { temperature: 2, seed: 3, maxTokens: 6 })));
    const whole = [...tokens, ...hot.tokens];
    const plain = engine.start.decoder.score(whole, null).slice(tokens.length) as number[];
    expect(hot.logProbs).not.toEqual(plain);
  });

  it("refuses an engine that samples from another distribution than it scores", async () => {
    const engine = await start("vllm");
    engine.server.rewrite = (path, body) => {
      if (path !== "/v1/completions") return body;
      const reply = structuredClone(body) as { choices: { logprobs: { token_logprobs: number[] } | null }[] };
      const [choice] = reply.choices;
      // As after a truncation to the likeliest tokens: what is left shares the rest's probability.
      if (choice?.logprobs) choice.logprobs.token_logprobs = choice.logprobs.token_logprobs.map((value) => value / 2);
      return reply;
    };
    await expect(openServed(engine)).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining("nats a token") as string,
    });
  });

  it("does without scores where the engine gives none, and says so when asked", async () => {
    const engine = await start("vllm");
    engine.server.rewrite = (path, body) => (path === "/v1/completions" ? without(body, "prompt_logprobs") : body);
    const policy = await openServed(engine);
    expect(policy.capabilities).toMatchObject({ scores: false, logProbsFollowTemperature: false });
    const tokens = policy.tokenizer.encode("Question");
    expect(valueOf(await policy.sample(requestFor(tokens))).tokens).toHaveLength(1);
    const failure = { boundary: "policy", code: "score-not-supported", retryable: false };
    expect(await policy.score([{ tokens, positions: [1] }])).toMatchObject({ ok: false, failure });
  });

  it("notes that a seed is not heeded", async () => {
    const engine = await start("sglang");
    let calls = 0;
    engine.server.onRequest = ({ path, body }) => {
      const { sampling_params: settings } = (body ?? {}) as { sampling_params?: { sampling_seed?: number } };
      if (path === "/generate" && settings !== undefined) settings.sampling_seed = calls++;
    };
    expect((await openServed(engine)).capabilities.heedsSeeds).toBe(false);
  });

  it.each<[string, Partial<Tokenizer>]>([
    ["gives other ids", { encode: (text) => [...new TextEncoder().encode(text)].map((byte) => byte ^ 1) }],
    ["gives other texts", { decode: () => "?" }],
  ])("refuses a tokenizer that %s than the engine's", async (_what, changes) => {
    const engine = await start("vllm");
    const tokenizer = { ...createByteTokenizer(), ...changes };
    await expect(openServed(engine, { tokenizer })).rejects.toMatchObject({ code: "incompatible", path: "tokenizer" });
  });

  it("refuses a longer context than the engine holds, and takes a shorter one", async () => {
    const engine = await start("vllm");
    expect((await openServed(engine, { contextTokens: 128 })).contextTokens).toBe(128);
    const refused = { code: "incompatible", path: "contextTokens" };
    await expect(openServed(engine, { contextTokens: 600 })).rejects.toMatchObject(refused);
  });

  it("says what is wrong with an engine that cannot be used at all", async () => {
    const engine = await start("vllm");
    await expect(openServed(engine, { model: "another" })).rejects.toMatchObject({
      code: "incompatible",
      message: expect.stringContaining('"base-model"') as string,
    });
    engine.server.faults.push({ type: "answer", status: 401, body: { error: "no key" } });
    await expect(openServed(engine, { maxRetries: 0 })).rejects.toMatchObject({ code: "invalid-config" });
    await engine.server.close();
    engines.length = 0;
    await expect(openServed(engine, { maxRetries: 1 })).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });
});
