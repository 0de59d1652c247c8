import type { Outcome, SampleRequest } from "@litmus/core";
import { afterEach, describe, expect, it } from "vitest";
import { requestFor, valueOf } from "../testing/sampling.ts";
import { openServed, startFakeEngine } from "./testing/open-served.ts";
import type { FakeEngine } from "./testing/open-served.ts";
import type { OpenAiCompatiblePolicy } from "./served-policy.ts";

const engines: FakeEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map(({ server }) => server.close())));

async function setUp(): Promise<FakeEngine & { readonly policy: OpenAiCompatiblePolicy }> {
  const engine = await startFakeEngine("vllm");
  engines.push(engine);
  return { ...engine, policy: await openServed(engine) };
}

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? "ok" : outcome.failure.code);

function ask(policy: OpenAiCompatiblePolicy, changes: Partial<SampleRequest> = {}): SampleRequest {
  const tokens = [policy.tokenizer.special.beginOfSequence, ...policy.tokenizer.encode("Question: why?")];
  return requestFor(tokens, { maxTokens: 4, seed: 7, ...changes });
}

interface Choice {
  token_ids: number[] | null;
  prompt_token_ids: number[] | null;
  finish_reason: string;
  logprobs: { token_logprobs: (number | null)[] } | null;
  prompt_logprobs: unknown[] | null;
}
interface Reply {
  model: string;
  choices: Choice[];
  usage: { completion_tokens: number; prompt_tokens_details: unknown } | null;
}

/** Changes every completion that follows. */
function tamper({ server }: FakeEngine, change: (reply: Reply, choice: Choice) => void): void {
  server.rewrite = (path, body) => {
    if (path !== "/v1/completions") return body;
    const reply = structuredClone(body) as Reply;
    change(reply, reply.choices[0] as Choice);
    return reply;
  };
}

describe("vLLM", () => {
  it("is sent ids, a seed, and every setting that a model's own defaults could change", async () => {
    const { policy, server } = await setUp();
    const request = ask(policy, { stopTexts: ["</answer>"] });
    valueOf(await policy.sample(request));
    expect(server.requests.at(-1)).toMatchObject({ method: "POST", path: "/v1/completions" });
    expect(server.requests.at(-1)?.body).toEqual({
      model: "base-model",
      prompt: request.tokens,
      max_tokens: 4,
      temperature: 1,
      seed: 7,
      stop: ["</answer>"],
      stop_token_ids: policy.tokenizer.endTokens,
      include_stop_str_in_output: true,
      spaces_between_special_tokens: false,
      logprobs: 0,
      return_token_ids: true,
      top_p: 1,
      top_k: 0,
      min_p: 0,
      presence_penalty: 0,
      frequency_penalty: 0,
      repetition_penalty: 1,
      n: 1,
      stream: false,
      cache_salt: "base-model",
    });
  });

  it("never asks for more than the context holds", async () => {
    const { policy, server } = await setUp();
    const tokens = Array.from({ length: policy.contextTokens - 3 }, () => 97);
    const { tokens: action } = valueOf(await policy.sample(requestFor(tokens, { maxTokens: 50, temperature: 0 })));
    expect(action.length).toBeLessThanOrEqual(3);
    expect(server.requests.at(-1)?.body).toMatchObject({ max_tokens: 3 });
  });

  it.each<[string, (reply: Reply, choice: Choice) => void]>([
    ["token-ids-missing", (_, choice) => (choice.token_ids = null)],
    ["log-probs-missing", (_, choice) => (choice.logprobs = null)],
    ["log-probs-missing", (_, choice) => (choice.logprobs = { token_logprobs: [-1, -9999, -1, -1] })],
    ["log-probs-missing", (_, choice) => choice.logprobs?.token_logprobs.pop()],
    ["prompt-changed", (_, choice) => choice.prompt_token_ids?.unshift(256)],
    ["prompt-changed", (_, choice) => choice.prompt_token_ids?.splice(3, 2, 300)],
    ["unknown-token", (_, choice) => choice.token_ids?.splice(0, 1, 99_999)],
    ["action-truncated", (_, choice) => choice.token_ids?.pop()],
    ["action-truncated", (_, choice) => (choice.finish_reason = "abort")],
    ["wrong-policy", (reply) => (reply.model = "another-model")],
    ["engine-reply-unreadable", (reply) => (reply.choices = [])],
    ["engine-reply-unreadable", (reply) => reply.choices.push(...reply.choices)],
  ])("is refused with %s", async (code, change) => {
    const { policy, ...engine } = await setUp();
    tamper(engine, change);
    expect(codeOf(await policy.sample(ask(policy, { temperature: 0 })))).toBe(code);
    expect(policy.metrics()).toMatchObject({ sampledTokens: 0, prefilledTokens: 0 });
  });

  it("counts every context token as evaluated when it does not say what its cache held", async () => {
    const { policy, ...engine } = await setUp();
    tamper(engine, (reply) => (reply.usage = null));
    const { usage } = valueOf(await policy.sample(ask(policy)));
    expect(usage).toMatchObject({ cachedTokens: 0, prefilledTokens: ask(policy).tokens.length });
  });

  it("does not score with other weights", async () => {
    const { policy, ...engine } = await setUp();
    tamper(engine, (reply) => (reply.model = "another-model"));
    expect(codeOf(await policy.score([{ tokens: ask(policy).tokens, positions: [2] }]))).toBe("wrong-policy");
  });

  it("does not score what it gave no log-probability for", async () => {
    const { policy, ...engine } = await setUp();
    const request = { tokens: ask(policy).tokens, positions: [2, 3] };
    const changes: ((choice: Choice) => void)[] = [
      (choice) => (choice.prompt_logprobs = null),
      (choice) => choice.prompt_logprobs?.shift(),
      (choice) => choice.prompt_logprobs?.splice(2, 1, { "5": { logprob: -1 } }),
    ];
    for (const change of changes) {
      tamper(engine, (_, choice) => change(choice));
      expect(await policy.score([request])).toMatchObject({ ok: false, failure: { code: "score-not-supported" } });
    }
  });
});
