import type { ChatMessage, ChatReply, ChatToolCall, Failure } from "@litmus/core";
import {
  createScriptedChatPolicy,
  type ScriptedChatOptions,
  type ScriptedChatPolicy,
  type ScriptedReply,
} from "@litmus/testing";

/** What a model does in one message, whatever the protocol. */
export interface Behaviour {
  readonly thought: string;
  readonly does:
    | { readonly type: "search"; readonly query: string }
    | { readonly type: "answer"; readonly answer: string; readonly cites: readonly string[] }
    | { readonly type: "nothing" };
}

const usage: ChatReply["usage"] = { inputTokens: 11, cachedTokens: 3, outputTokens: 5 };

/** The behaviour as a model writes it in tags. */
export function inTags({ thought, does }: Behaviour): ScriptedReply {
  const cites = does.type === "answer" && does.cites.length > 0 ? [`<cite>${does.cites.join(", ")}</cite>`] : [];
  const act =
    does.type === "search"
      ? [`<search>${does.query}</search>`]
      : does.type === "answer"
        ? [...cites, `<answer>${does.answer}</answer>`]
        : [];
  return { text: [thought, ...act].filter((part) => part.trim() !== "").join("\n"), usage };
}

/** The behaviour as calls of tools. */
export function inCalls({ thought, does }: Behaviour): ScriptedReply {
  if (does.type === "nothing") return { text: thought, usage };
  const input = does.type === "search" ? { query: does.query } : { answer: does.answer, citations: does.cites };
  return { text: thought, calls: [toolCall(does.type, input)], usage };
}

export function toolCall(name: string, input: Record<string, unknown> | null, id = "c1"): ChatToolCall {
  return { id, name, input, inputText: JSON.stringify(input) };
}

/** A policy that plays a script, one entry a message of the assistant. */
export function playedPolicy(
  script: readonly (ScriptedReply | Failure)[],
  rest: Omit<ScriptedChatOptions, "script"> = {},
): ScriptedChatPolicy {
  const ended: Failure = { boundary: "policy", code: "script-ended", message: "no more replies", retryable: false };
  return createScriptedChatPolicy({
    script: ({ messages }) => script[messages.filter(({ role }) => role === "assistant").length] ?? ended,
    ...rest,
  });
}

export const textOf = ({ parts }: ChatMessage): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");
