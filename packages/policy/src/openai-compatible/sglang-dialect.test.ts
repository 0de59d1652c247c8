import type { Outcome, SampleRequest } from "@litmus/core";
import { afterEach, describe, expect, it } from "vitest";
import { requestFor, valueOf } from "../testing/sampling.ts";
import { openServed, startFakeEngine } from "./testing/open-served.ts";
import type { FakeEngine } from "./testing/open-served.ts";
import type { OpenAiCompatiblePolicy } from "./served-policy.ts";

const engines: FakeEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map(({ server }) => server.close())));

async function setUp(): Promise<FakeEngine & { readonly policy: OpenAiCompatiblePolicy }> {
  const engine = await startFakeEngine("sglang");
  engines.push(engine);
  return { ...engine, policy: await openServed(engine) };
}

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? "ok" : outcome.failure.code);

function ask(policy: OpenAiCompatiblePolicy, changes: Partial<SampleRequest> = {}): SampleRequest {
  const tokens = [policy.tokenizer.special.beginOfSequence, ...policy.tokenizer.encode("Question: why?")];
  return requestFor(tokens, { maxTokens: 4, seed: 7, ...changes });
}

interface Info {
  prompt_tokens: number;
  completion_tokens: number;
  weight_version: string;
  finish_reason: { type: string } | null;
  output_token_logprobs?: [number | null, number, null][];
  input_token_logprobs: [number | null, number, null][];
}

/** Changes every generation that follows. */
function tamper({ server }: FakeEngine, change: (info: Info) => void): void {
  server.rewrite = (path, body) => {
    if (path !== "/generate") return body;
    const reply = structuredClone(body) as { meta_info: Info };
    change(reply.meta_info);
    return reply;
  };
}

describe("SGLang", () => {
  it("is sent ids, a seed, and no truncation", async () => {
    const { policy, server } = await setUp();
    const request = ask(policy, { stopTexts: ["</answer>"] });
    valueOf(await policy.sample(request));
    expect(server.requests.at(-1)?.body).toEqual({
      input_ids: request.tokens,
      sampling_params: {
        max_new_tokens: 4,
        temperature: 1,
        sampling_seed: 7,
        stop: ["</answer>"],
        stop_token_ids: policy.tokenizer.endTokens,
        no_stop_trim: true,
        spaces_between_special_tokens: false,
        top_p: 1,
        top_k: -1,
        min_p: 0,
        presence_penalty: 0,
        frequency_penalty: 0,
        repetition_penalty: 1,
      },
      return_logprob: true,
      stream: false,
    });
  });

  it.each<[string, (info: Info) => void]>([
    ["token-ids-missing", (info) => delete info.output_token_logprobs],
    ["log-probs-missing", (info) => info.output_token_logprobs?.splice(1, 1, [null, 97, null])],
    ["prompt-changed", (info) => info.prompt_tokens++],
    ["unknown-token", (info) => info.output_token_logprobs?.splice(1, 1, [-1, 99_999, null])],
    ["action-truncated", (info) => info.output_token_logprobs?.pop()],
    ["action-truncated", (info) => (info.finish_reason = { type: "abort" })],
    ["action-truncated", (info) => (info.finish_reason = null)],
    ["wrong-policy", (info) => (info.weight_version = "step-12")],
  ])("is refused with %s", async (code, change) => {
    const { policy, ...engine } = await setUp();
    tamper(engine, change);
    expect(codeOf(await policy.sample(ask(policy, { temperature: 0 })))).toBe(code);
  });

  it("scores from the first position on, and only what is aligned", async () => {
    const { policy, ...engine } = await setUp();
    const { tokens } = ask(policy);
    const [scores] = valueOf(await policy.score([{ tokens, positions: [5, 9] }]));
    const expected = engine.start.decoder.score(tokens, null);
    expect(scores).toEqual([expected[5], expected[9]]);
    expect(engine.server.requests.at(-1)?.body).toMatchObject({ logprob_start_len: 4 });
    tamper(engine, (info) => info.input_token_logprobs.shift());
    expect(codeOf(await policy.score([{ tokens, positions: [5, 9] }]))).toBe("score-not-supported");
  });
});
