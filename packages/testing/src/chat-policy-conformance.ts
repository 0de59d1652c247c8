import {
  chatPartTypes,
  isChatPolicy,
  type ChatMessage,
  type ChatPart,
  type ChatPolicy,
  type ChatRequest,
} from "@litmus/core";
import { describe, expect, it } from "vitest";

/** What the model behind a policy does. */
export interface ChatBehaviour {
  /** Text that it writes to every request, with a tool offered or not. */
  readonly text?: string;
  /** A call that it makes whenever its tool is offered. */
  readonly call?: { readonly name: string; readonly input: Readonly<Record<string, unknown>> };
  readonly throws?: Error;
  /** It never ends. */
  readonly hangs?: boolean;
}

/** A policy under test, and how often its model was asked. */
export interface ChatPolicyUnderTest {
  readonly policy: ChatPolicy;
  readonly calls: () => number;
  /** What the model was given, as one text a message, in order, of its last call. */
  readonly given: () => readonly string[];
}

const user = (...parts: ChatPart[]): ChatMessage => ({ role: "user", parts });
const text = (content: string): ChatPart => ({ type: "text", text: content });
const request = (changes: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: "system", parts: [text("Be short.")] }, user(text("Which gland makes insulin?"))],
  tools: [],
  maxTokens: 64,
  temperature: 0,
  seed: 1,
  stopTexts: [],
  ...changes,
});
const searchTool = {
  name: "search",
  description: "Searches.",
  inputSchema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
};

/** What every chat policy that takes text alone, and tools, promises. @param open makes one whose model behaves as told */
export function describeChatPolicy(
  name: string,
  open: (behaviour: ChatBehaviour) => Promise<ChatPolicyUnderTest>,
): void {
  describe(`chat policy: ${name}`, () => {
    it("is told from a token policy, and says what it takes", async () => {
      const { policy } = await open({ text: "x" });
      expect(isChatPolicy(policy)).toBe(true);
      expect(policy.acceptedParts).toEqual(["text"]);
      expect(policy.takesTools).toBe(true);
      expect(policy.contextTokens).toBeGreaterThan(0);
    });

    it("answers with what the model wrote, and says who answered: never a version or an adapter", async () => {
      const { policy, given } = await open({ text: "The pancreas." });
      const reply = await policy.respond(request());
      expect(reply).toMatchObject({ ok: true, value: { text: "The pancreas.", calls: [], policy: policy.identity() } });
      expect(policy.identity()).toMatchObject({
        engine: expect.stringMatching(/^chat:./),
        version: 0,
        adapterSha256: null,
      });
      expect(given()).toEqual(["Be short.", "Which gland makes insulin?"]);
    });

    it("calls a tool that is offered, and only then", async () => {
      const { policy } = await open({ text: "hm", call: { name: "search", input: { query: "insulin" } } });
      const reply = await policy.respond(request({ tools: [searchTool] }));
      expect(reply).toMatchObject({
        ok: true,
        value: { calls: [{ name: "search", input: { query: "insulin" }, inputText: '{"query":"insulin"}' }] },
      });
      expect(await policy.respond(request())).toMatchObject({ ok: true, value: { calls: [] } });
    });

    it("is offered the tools of each request, not those of an earlier one", async () => {
      const { policy } = await open({ text: "hm", call: { name: "search", input: { query: "insulin" } } });
      const answerTool = { ...searchTool, name: "answer", description: "Answers." };
      const called: string[][] = [];
      for (const tools of [[answerTool], [answerTool, searchTool], [answerTool]]) {
        const reply = await policy.respond(request({ tools }));
        called.push(reply.ok ? reply.value.calls.map(({ name: tool }) => tool) : ["failed"]);
      }
      expect(called).toEqual([[], ["search"], []]);
    });

    it("takes its own reply back, and what its call gave", async () => {
      const { policy, given } = await open({ text: "hm", call: { name: "search", input: { query: "insulin" } } });
      const first = await policy.respond(request({ tools: [searchTool] }));
      if (!first.ok) throw new Error(first.failure.message);
      const { calls, original } = first.value;
      const said: ChatMessage = { role: "assistant", parts: [text("hm")], calls, original };
      const call = calls[0] as (typeof calls)[number];
      const result: ChatMessage = { role: "tool", callId: call.id, name: call.name, parts: [text("beta cells")] };
      for (const spoken of [said, { ...said, original: null }]) {
        const messages = [...request().messages, spoken, result];
        expect(await policy.respond(request({ messages, tools: [searchTool] }))).toMatchObject({ ok: true });
        expect(given().slice(2)).toEqual(["hm", "beta cells"]);
      }
    });

    it("ends its text with the first stop text that it holds", async () => {
      const { policy } = await open({ text: "<a>x</a> and <b>y</b>" });
      expect(await policy.respond(request({ stopTexts: ["</b>", "</a>"] }))).toMatchObject({
        ok: true,
        value: { text: "<a>x</a>", stop: "stop-text", original: null },
      });
      expect(await policy.respond(request({ stopTexts: ["</c>"] }))).toMatchObject({
        value: { text: "<a>x</a> and <b>y</b>", stop: "ended" },
      });
    });

    it.each(chatPartTypes.filter((type) => type !== "text"))(
      "refuses an %s part before anything is asked",
      async (type) => {
        const { policy, calls } = await open({ text: "x" });
        const messages = [user(text("What is this?"), { type, mediaType: `${type}/x`, base64: "AA==" })];
        expect(await policy.respond(request({ messages }))).toMatchObject({
          ok: false,
          failure: {
            boundary: "policy",
            code: "unsupported-part",
            retryable: false,
            message: expect.stringContaining(type),
          },
        });
        expect(calls()).toBe(0);
      },
    );

    it("answers impossible requests with a failure that is not worth a retry", async () => {
      const { policy, calls } = await open({ text: "x" });
      for (const changes of [{ messages: [] }, { maxTokens: 0 }, { temperature: NaN }, { temperature: -1 }]) {
        expect(await policy.respond(request(changes)), JSON.stringify(changes)).toMatchObject({
          ok: false,
          failure: { boundary: "policy", retryable: false },
        });
      }
      expect(calls()).toBe(0);
    });

    it("makes a failure of what its model throws, and never rejects", async () => {
      const { policy } = await open({ throws: new Error("out of tea") });
      expect(await policy.respond(request())).toMatchObject({
        ok: false,
        failure: { boundary: "policy", message: expect.stringContaining("out of tea") },
      });
    });

    it("resolves an aborted request as a failure, also where the model does not listen", async () => {
      const { policy } = await open({ hangs: true });
      const aborted = { ok: false, failure: { boundary: "timeout", code: "aborted", retryable: true } };
      expect(await policy.respond(request(), AbortSignal.abort())).toMatchObject(aborted);
      const controller = new AbortController();
      const pending = policy.respond(request(), controller.signal);
      controller.abort();
      expect(await pending).toMatchObject(aborted);
    });

    it("answers with a failure after it was closed", async () => {
      const { policy, calls } = await open({ text: "x" });
      await policy.close();
      expect(await policy.respond(request())).toMatchObject({ ok: false, failure: { code: "policy-closed" } });
      expect(calls()).toBe(0);
    });
  });
}
