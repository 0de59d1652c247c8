import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { describeChatPolicy } from "@litmus/testing";
import type { ChatMessage, ChatReply, ChatRequest, Failure } from "@litmus/core";
import { describe, expect, it } from "vitest";
import type { ChatModelSettings } from "./chat-model.ts";
import { createLangChainChatPolicy } from "./langchain-chat-policy.ts";

const name = "fake";
const given = (model: { readonly calls: readonly { readonly messages: readonly BaseMessage[] }[] }): string[] =>
  model.calls.at(-1)?.messages.map((message) => message.text) ?? [];

/** A model that calls its tool once one is bound, unlike LangChain's own fakes. */
class BoundModel extends BaseChatModel {
  readonly reply: (tools: readonly string[]) => Promise<AIMessage>;
  readonly calls: { messages: BaseMessage[] }[];
  readonly tools: readonly string[];

  constructor(reply: BoundModel["reply"], calls: BoundModel["calls"] = [], tools: readonly string[] = []) {
    super({ maxRetries: 0 });
    this.reply = reply;
    this.calls = calls;
    this.tools = tools;
  }

  _llmType(): string {
    return "bound";
  }

  override bindTools(tools: { name: string }[]): BoundModel {
    return new BoundModel(
      this.reply,
      this.calls,
      tools.map((tool) => tool.name),
    );
  }

  async _generate(messages: BaseMessage[]) {
    this.calls.push({ messages });
    return { generations: [{ text: "", message: await this.reply(this.tools) }] };
  }
}

describeChatPolicy("LangChain", async ({ text, call, throws, hangs }) => {
  const model = new BoundModel(async (tools) => {
    if (hangs === true) await new Promise(() => undefined);
    if (throws !== undefined) throw throws;
    const calls = call !== undefined && tools.includes(call.name) ? [{ ...call, id: "1", args: call.input }] : [];
    return new AIMessage({ content: text ?? "", tool_calls: calls });
  });
  const policy = await createLangChainChatPolicy(model, { name });
  return { policy, calls: () => model.calls.length, given: () => given(model) };
});

const messages: ChatMessage[] = [{ role: "user", parts: [{ type: "text", text: "hello" }] }];
const request: ChatRequest = { messages, tools: [], maxTokens: 9, temperature: 0, seed: 0, stopTexts: [] };

async function replyTo(answer: AIMessage): Promise<ChatReply> {
  const outcome = await (await createLangChainChatPolicy(fakeModel().respond(answer), { name })).respond(request);
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.failure.code);
}

async function failureOf(answer: AIMessage | Error): Promise<Failure> {
  const outcome = await (await createLangChainChatPolicy(fakeModel().respond(answer), { name })).respond(request);
  if (!outcome.ok) return outcome.failure;
  throw new Error("the policy replied");
}

describe("the model of a policy", () => {
  it("keeps its own settings where it is a model", async () => {
    const policy = await createLangChainChatPolicy(new FakeListChatModel({ responses: ["a", "b"] }), { name });
    expect(policy.takesTemperature).toBe(false);
    expect(await policy.respond(request)).toMatchObject({ value: { text: "a" } });
    expect(await policy.respond({ ...request, temperature: 1 })).toMatchObject({ value: { text: "b" } });
  });

  it("is made once for each settings by a function, which may be asynchronous", async () => {
    const asked: ChatModelSettings[] = [];
    const make = async (settings: ChatModelSettings) => {
      asked.push(settings);
      return new FakeListChatModel({ responses: [JSON.stringify(settings)] });
    };
    const policy = await createLangChainChatPolicy(make, { name });
    expect(policy.takesTemperature).toBe(true);
    for (const temperature of [1, 0, 1]) {
      const reply = await policy.respond({ ...request, temperature });
      expect(reply).toMatchObject({ value: { text: JSON.stringify({ temperature, maxTokens: 9 }) } });
    }
    expect(asked).toEqual([
      { temperature: 0, maxTokens: 1_024 },
      { temperature: 1, maxTokens: 9 },
      { temperature: 0, maxTokens: 9 },
    ]);
  });

  it("is made again where that failed, which is a failure of the one call", async () => {
    let made = 0;
    const make = () => {
      if (++made === 2) throw new Error("no socket left");
      return new FakeListChatModel({ responses: ["x"] });
    };
    const policy = await createLangChainChatPolicy(make, { name });
    expect(await policy.respond(request)).toMatchObject({ ok: false, failure: { code: "model-threw" } });
    expect(await policy.respond(request)).toMatchObject({ value: { text: "x" } });
  });

  it("may have fallbacks around it, and then calls no tools", async () => {
    const model = fakeModel().alwaysThrow(new Error("down"));
    const other = fakeModel().respond(new AIMessage("at last"));
    const policy = await createLangChainChatPolicy(model.withFallbacks([other]), { name });
    expect(policy.takesTools).toBe(false);
    expect(await policy.respond(request)).toMatchObject({ value: { text: "at last" } });
    const tool = { name: "search", description: "", inputSchema: {} };
    expect(await policy.respond({ ...request, tools: [tool] })).toMatchObject({
      failure: { code: "unsupported-tools" },
    });
  });

  it.each([
    ["a text", "gpt", "not string"],
    ["nothing", undefined, "not undefined"],
    ["an object that cannot be invoked", { model: "x" }, "not object"],
    ["a function that returns none", () => 42, "not number"],
    ["a class", class Model {}, "threw: Class constructor"],
    ["a function that throws", () => Promise.reject(new Error("no key")), "threw: no key"],
  ])("is refused where it is %s", async (_, source, message) => {
    await expect(createLangChainChatPolicy(source as never, { name })).rejects.toMatchObject({
      code: "invalid-config",
      message: expect.stringContaining(message) as string,
      hint: expect.any(String) as string,
    });
  });

  it("sends images as LangChain's standard blocks where they are accepted", async () => {
    const model = fakeModel().respond(new AIMessage("a cell"));
    const policy = await createLangChainChatPolicy(model, { name, acceptedParts: ["text", "image"] });
    const image = { type: "image", mediaType: "image/png", base64: "AA==" } as const;
    const parts = [{ type: "text", text: "What is this?" } as const, image];
    expect((await policy.respond({ ...request, messages: [{ role: "user", parts }] })).ok).toBe(true);
    expect(model.calls[0]?.messages[0]?.contentBlocks).toEqual([
      { type: "text", text: "What is this?" },
      { type: "image", mimeType: "image/png", data: "AA==" },
    ]);
  });
});

describe("a reply", () => {
  it("is its text, without thought", async () => {
    const content = [
      { type: "thinking", thinking: "hm" },
      { type: "text", text: "beta" },
      { type: "text", text: " cells" },
    ];
    expect((await replyTo(new AIMessage({ content }))).text).toBe("beta cells");
  });

  it("goes back as it came, unless a call of it is broken or has no id", async () => {
    const call = { name: "search", args: { query: "q" } };
    const whole = new AIMessage({ content: "", tool_calls: [{ ...call, id: "7" }] });
    expect((await replyTo(whole)).original).toBe(whole);
    const nameless = await replyTo(new AIMessage({ content: "", tool_calls: [call] }));
    expect(nameless).toMatchObject({ original: null, calls: [{ id: "call-1-0", name: "search" }] });
    const broken = { name: "search", args: '{"query":', id: "8", error: "no JSON" };
    expect(await replyTo(new AIMessage({ content: "", invalid_tool_calls: [broken] }))).toMatchObject({
      original: null,
      calls: [{ id: "8", name: "search", input: null, inputText: '{"query":' }],
    });
  });

  it.each([
    [{ finish_reason: "stop" }, "ended"],
    [{ finish_reason: "tool_calls" }, "ended"],
    [{ finish_reason: "length" }, "max-tokens"],
    [{ stop_reason: "max_tokens" }, "max-tokens"],
    [{ finishReason: "MAX_TOKENS" }, "max-tokens"],
    [{ done_reason: "length" }, "max-tokens"],
    [{ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }, "max-tokens"],
    [{ stop_reason: "model_context_window_exceeded" }, "context-full"],
    [{ stop_reason: "refusal" }, "refused"],
    [{ finishReason: "MALFORMED_FUNCTION_CALL" }, "ended"],
    [{ finish_reason: "a_new_reason" }, "ended"],
    [{ finish_reason: "content_filter" }, "refused"],
    [{}, "ended"],
  ])("ended as its metadata %j say: %s", async (response_metadata, stop) => {
    expect((await replyTo(new AIMessage({ content: "x", response_metadata }))).stop).toBe(stop);
  });

  it.each([
    [{ finish_reason: "error" }, "half an"],
    [{ finish_reason: "insufficient_system_resource" }, ""],
    [{ finish_reason: "abort" }, "half an"],
    [{ finishReason: "OTHER" }, ""],
    [{ finishReason: "RECITATION" }, ""],
    [{ done_reason: "load" }, ""],
  ])("is the engine's failure where its metadata say %j, never a reply of %j", async (response_metadata, content) => {
    expect(await failureOf(new AIMessage({ content, response_metadata }))).toMatchObject({
      boundary: "policy",
      code: "engine-failed",
      retryable: true,
      message: expect.stringContaining(Object.values(response_metadata)[0] as string) as string,
    });
  });

  it.each([{}, { finish_reason: "stop" }, { finishReason: "MALFORMED_FUNCTION_CALL" }])(
    "that is empty and ended by the model's own doing, %j, is a reply",
    async (response_metadata) => {
      expect(await replyTo(new AIMessage({ content: "", response_metadata }))).toMatchObject({
        text: "",
        stop: "ended",
      });
    },
  );

  it("names each call once in an episode, also where the model names none", async () => {
    const call = new AIMessage({ content: "", tool_calls: [{ name: "search", args: {} }] });
    const policy = await createLangChainChatPolicy(fakeModel().respond(call).respond(call), { name });
    const ids: string[] = [];
    for (const said of [messages, [...messages, ...messages]]) {
      const reply = await policy.respond({ ...request, messages: said });
      if (reply.ok) ids.push(...reply.value.calls.map(({ id }) => id));
    }
    expect(new Set(ids).size).toBe(2);
  });

  it("may be a refusal beside its content", async () => {
    const refused = new AIMessage({ content: "", additional_kwargs: { refusal: "I cannot." } });
    expect(await replyTo(refused)).toMatchObject({ text: "I cannot.", stop: "refused" });
  });

  it("counts its tokens as the model does, those in a cache apart; null where it does not say", async () => {
    const usage_metadata = {
      input_tokens: 10,
      output_tokens: 3,
      total_tokens: 13,
      input_token_details: { cache_read: 4 },
    };
    expect((await replyTo(new AIMessage({ content: "x", usage_metadata } as never))).usage).toEqual({
      inputTokens: 6,
      cachedTokens: 4,
      outputTokens: 3,
    });
    expect((await replyTo(new AIMessage("x"))).usage).toBeNull();
  });

  it.each(["image", "image_url", "audio", "file", "server_tool_call"])(
    "with a part of type %s is a failure, not a reply without it",
    async (type) => {
      const content = [{ type: "text", text: "see" }, { type }];
      expect(await failureOf(new AIMessage({ content } as never))).toMatchObject({
        boundary: "policy",
        code: "unsupported-part",
        message: expect.stringContaining(type) as string,
      });
    },
  );

  it("that is no message is a failure", async () => {
    const policy = await createLangChainChatPolicy({ invoke: async () => 42 }, { name });
    expect(await policy.respond(request)).toMatchObject({
      failure: { code: "engine-reply-unreadable", retryable: false },
    });
  });
});

describe("what a model throws", () => {
  const withFields = (fields: object, message = "no") => Object.assign(new Error(message), fields);

  it.each([
    [{ status: 401 }, "engine-refused-key", false],
    [{ lc_error_code: "MODEL_AUTHENTICATION" }, "engine-refused-key", false],
    [{ status: 404 }, "model-unknown", false],
    [{ status: 400 }, "engine-refused-request", false],
    [{ status: 429 }, "engine-busy", true],
    [{ lc_error_code: "MODEL_RATE_LIMIT" }, "engine-busy", true],
    [{ response: { status: 500 } }, "engine-failed", true],
    [{ name: "APIConnectionTimeoutError" }, "engine-timed-out", true],
    [{ cause: { code: "ECONNREFUSED" } }, "engine-unreachable", true],
    [{ cause: { message: "fetch failed", cause: { code: "UND_ERR_HEADERS_TIMEOUT" } } }, "engine-timed-out", true],
    [{}, "model-threw", false],
  ])("is a failure by its kind: %j", async (fields, code, retryable) => {
    // Retries are the model's own: this one has none.
    const policy = await createLangChainChatPolicy({ invoke: () => Promise.reject(withFields(fields)) }, { name });
    expect(await policy.respond(request)).toMatchObject({ failure: { code, retryable } });
  });

  it("is an engine that cannot be reached as the SDK of OpenAI wraps it: by its message, or by a cause of its cause", async () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED" });
    const fetchFailed = new TypeError("fetch failed", { cause: refused });
    const errors = [
      new Error("Connection error.", { cause: fetchFailed }),
      new Error("Connection error."),
      new Error("no luck", { cause: new Error("wrapped", { cause: fetchFailed }) }),
    ];
    for (const error of errors)
      expect(await failureOf(error)).toMatchObject({ code: "engine-unreachable", retryable: true });
    expect(await failureOf(new Error("Request timed out."))).toMatchObject({ code: "engine-timed-out" });
  });

  it("may be its own cause", async () => {
    const error = new Error("round");
    error.cause = error;
    expect(await failureOf(error)).toMatchObject({ code: "model-threw" });
  });

  it("is no failure where the context was too long: the episode ends by it", async () => {
    const error = withFields({ lc_error_code: "CONTEXT_OVERFLOW" });
    const policy = await createLangChainChatPolicy({ invoke: () => Promise.reject(error) }, { name });
    expect(await policy.respond(request)).toMatchObject({ ok: true, value: { text: "", stop: "context-full" } });
  });

  it("is told in one line of at most 300 characters", async () => {
    const failure = await failureOf(new Error(`a\n${"b".repeat(5_000)}`));
    expect(failure.message).toMatch(/^the chat model threw: a b+…$/);
    expect(failure.message.length).toBeLessThan(330);
  });
});
