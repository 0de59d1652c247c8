import type { ChatMessage } from "@litmus/core";
import { expect, it } from "vitest";
import { describeChatPolicy } from "./chat-policy-conformance.ts";
import { createScriptedChatPolicy } from "./scripted-chat-policy.ts";

const textOf = ({ parts }: ChatMessage): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

describeChatPolicy("scripted", async ({ text, call, throws, hangs }) => {
  const policy = createScriptedChatPolicy({
    script: ({ tools }) => {
      if (throws !== undefined)
        return { boundary: "policy", code: "scripted", message: throws.message, retryable: false };
      const calls =
        call !== undefined && tools.some(({ name }) => name === call.name)
          ? [{ ...call, id: "1", inputText: JSON.stringify(call.input) }]
          : [];
      return { text: text ?? "", calls };
    },
    latencyMs: hangs === true ? Infinity : 0,
  });
  return {
    policy,
    calls: () => policy.requests.length,
    given: () => policy.requests.at(-1)?.messages.map(textOf) ?? [],
  };
});

it("keeps the requests that reached its script, and refuses tools where it takes none", async () => {
  const policy = createScriptedChatPolicy({ script: () => ({ text: "x" }), traits: { takesTools: false } });
  const messages: ChatMessage[] = [{ role: "user", parts: [{ type: "text", text: "hello" }] }];
  const request = { messages, tools: [], maxTokens: 1, temperature: 0, seed: 0, stopTexts: [] };
  const tool = { name: "search", description: "", inputSchema: {} };
  expect((await policy.respond(request)).ok).toBe(true);
  expect(await policy.respond({ ...request, tools: [tool] })).toMatchObject({ failure: { code: "unsupported-tools" } });
  expect(policy.requests).toEqual([request]);
});
