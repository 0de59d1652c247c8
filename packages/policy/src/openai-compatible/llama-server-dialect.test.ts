import type { Outcome, SampleRequest } from "@litmus/core";
import { createByteTokenizer } from "@litmus/testing";
import { afterEach, describe, expect, it } from "vitest";
import { requestFor, valueOf } from "../testing/sampling.ts";
import { saying } from "./testing/fake-model.ts";
import { openServed, startFakeEngine } from "./testing/open-served.ts";
import type { FakeEngine } from "./testing/open-served.ts";
import type { OpenAiCompatiblePolicy } from "./served-policy.ts";

const tokenizer = createByteTokenizer();
const context = [tokenizer.special.beginOfSequence, ...tokenizer.encode("Question: why?")];
const engines: FakeEngine[] = [];
afterEach(() => Promise.all(engines.splice(0).map(({ server }) => server.close())));

async function setUp(): Promise<FakeEngine & { readonly policy: OpenAiCompatiblePolicy }> {
  const engine = await startFakeEngine("llama-server");
  engines.push(engine);
  return { ...engine, policy: await openServed(engine) };
}

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? "ok" : outcome.failure.code);
const ask = (changes: Partial<SampleRequest> = {}): SampleRequest =>
  requestFor(context, { maxTokens: 30, temperature: 0, ...changes });

interface Reply {
  tokens?: number[];
  tokens_evaluated: number;
  stop_type: string;
  stopping_word: string;
  generation_settings: { lora: { id: number; scale: number }[] };
  completion_probabilities?: { id: number; logprob?: number; prob?: number }[];
}

/** Changes every completion that follows. */
function tamper({ server }: FakeEngine, change: (reply: Reply) => void): void {
  server.rewrite = (path, body) => {
    if (path !== "/completion") return body;
    const reply = structuredClone(body) as Reply;
    change(reply);
    return reply;
  };
}

/** An action of a text, with the log-probabilities that the model itself has for it. */
async function say(text: string, stopTexts: readonly string[]) {
  const { policy, start, server } = await setUp();
  const tokens = [...tokenizer.encode(text), tokenizer.special.endOfSequence];
  start.decoder.model = saying(tokens, context.length);
  const before = server.to("/completion").length;
  const result = valueOf(await policy.sample(ask({ stopTexts })));
  const expected = start.decoder.score([...context, ...tokens], null).slice(context.length);
  return { result, expected, requests: server.to("/completion").length - before };
}

describe("llama-server", () => {
  it("is sent ids, and nothing between the logits and the draw but the temperature", async () => {
    const { policy, server } = await setUp();
    valueOf(await policy.sample(ask({ seed: 0xffffffff, stopTexts: ["</answer>"] })));
    expect(server.to("/completion").at(-1)?.body).toMatchObject({
      prompt: context,
      n_predict: 30,
      temperature: 0,
      seed: 0,
      stop: ["</answer>"],
      samplers: ["temperature"],
      post_sampling_probs: false,
      return_tokens: true,
      n_probs: 1,
      stream: false,
    });
  });

  it("gives the stop text's tokens the log-probabilities that the server leaves out", async () => {
    const { result, expected, requests } = await say("yes</a> and more", ["</a>"]);
    expect(tokenizer.decode(result.tokens)).toBe("yes</a>");
    expect(result.logProbs).toEqual(expected.slice(0, 7));
    expect(requests).toBe(1 + 4);
  });

  it("gives tokens within a character log-probabilities, too", async () => {
    const { result, expected } = await say("a 😀 β!", []);
    expect(tokenizer.decode(result.tokens)).toBe("a 😀 β!");
    expect(result.stop.type).toBe("end-token");
    result.logProbs.forEach((logProb, i) => expect(logProb).toBeCloseTo(expected[i] as number, 9));
  });

  it("gives log-probabilities where the server has none to report, and leaves out the list", async () => {
    const { policy, start } = await setUp();
    start.decoder.model = saying(tokenizer.encode("ß"), context.length);
    const { tokens, logProbs } = valueOf(await policy.sample(ask({ maxTokens: 1 })));
    const [expected] = start.decoder.score([...context, ...tokens], null).slice(context.length);
    expect(tokens).toEqual(tokenizer.encode("ß").slice(0, 1));
    expect(logProbs[0]).toBeCloseTo(expected as number, 9);
  });

  it("never takes the log-probability of one token for that of an equal one after it", async () => {
    // Left out are the first byte of ß and, at the end, as many as the stop text has: the rest could be read as a beginning.
    const { result, expected } = await say("ßß ßß.", ["."]);
    expect(tokenizer.decode(result.tokens)).toBe("ßß ßß.");
    result.logProbs.forEach((logProb, i) => expect(logProb).toBeCloseTo(expected[i] as number, 9));
  });

  it.each<[string, (reply: Reply) => void]>([
    ["token-ids-missing", (reply) => (reply.tokens = [])],
    ["log-probs-missing", (reply) => delete reply.completion_probabilities],
    ["log-probs-missing", (reply) => reply.completion_probabilities?.forEach((entry) => delete entry.logprob)],
    ["log-probs-missing", (reply) => reply.completion_probabilities?.forEach((entry) => (entry.logprob = -3.4e38))],
    ["log-probs-missing", (reply) => reply.completion_probabilities?.reverse()],
    ["prompt-changed", (reply) => reply.tokens_evaluated--],
    ["action-truncated", (reply) => (reply.stop_type = "none")],
    ["wrong-policy", (reply) => reply.generation_settings.lora.push({ id: 3, scale: 1 })],
  ])("is refused with %s", async (code, change) => {
    const { policy, ...engine } = await setUp();
    engine.start.decoder.model = saying(tokenizer.encode("abcd"), context.length);
    tamper(engine, change);
    expect(codeOf(await policy.sample(ask({ maxTokens: 4 })))).toBe(code);
  });

  it("samples no other temperature than 0 and 1, since it reports log-probabilities of 1", async () => {
    const { policy } = await setUp();
    expect(policy.capabilities.logProbsFollowTemperature).toBe(false);
    const failure = { code: "temperature-not-reflected", retryable: false };
    expect(await policy.sample(ask({ temperature: 0.7 }))).toMatchObject({ ok: false, failure });
  });

  it("does not score a token that it did not force", async () => {
    const { policy, ...engine } = await setUp();
    tamper(engine, (reply) => reply.completion_probabilities?.splice(0, 1, { id: 1, logprob: -1 }));
    expect(codeOf(await policy.score([{ tokens: context, positions: [4] }]))).toBe("score-not-supported");
  });
});
