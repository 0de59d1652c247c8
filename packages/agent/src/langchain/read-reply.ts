import type { ChatReply, ChatStop, ChatToolCall, ChatUsage, Outcome } from "@litmus/core";
import { cutAtStopText, fail, succeed } from "@litmus/core";
import { z } from "zod";
import { chatFailure } from "./chat-failure.ts";

const count = z.int().min(0);
const block = z.object({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() });
const call = z.object({ id: z.string().nullish(), name: z.string(), args: z.record(z.string(), z.unknown()) });
const brokenCall = z.object({ id: z.string().nullish(), name: z.string().nullish(), args: z.string().nullish() });

/** What is read of LangChain's `AIMessage`. */
const aiMessage = z.object({
  content: z.union([z.string(), z.array(z.union([z.string(), block]))]),
  tool_calls: z.array(call).nullish(),
  invalid_tool_calls: z.array(brokenCall).nullish(),
  usage_metadata: z
    .object({
      input_tokens: count,
      output_tokens: count,
      input_token_details: z.object({ cache_read: count.nullish() }).nullish(),
    })
    .nullish()
    .catch(null),
  response_metadata: z.record(z.string(), z.unknown()).nullish(),
  additional_kwargs: z.looseObject({ refusal: z.string().nullish() }).nullish(),
});
type AiMessage = z.infer<typeof aiMessage>;

/** A reply as a chat policy gives it. A part of it that is neither text, nor thought, nor a call is a failure, never dropped. */
export function readReply(reply: unknown, stopTexts: readonly string[]): Outcome<Omit<ChatReply, "policy">> {
  const parsed = aiMessage.safeParse(reply);
  if (!parsed.success)
    return fail(
      chatFailure("engine-reply-unreadable", `the model's reply is no message: ${z.prettifyError(parsed.error)}`),
    );
  const message = parsed.data;
  const foreign = blocksOf(message).find(({ type }) => !isText(type) && !silentBlocks.has(type));
  if (foreign !== undefined)
    return fail(
      chatFailure("unsupported-part", `the model's reply holds a part of type ${foreign.type}; only text is read`),
    );
  const calls = callsOf(message);
  const written = textOf(message);
  const text = cutAtStopText(written, stopTexts) ?? written;
  const isWhole = text === written && calls.every(({ input }) => input !== null) && hasIds(message);
  return succeed({
    text,
    calls,
    stop: stopOf(message, text !== written || endsWithAny(text, stopTexts)),
    original: isWhole ? reply : null,
    usage: usageOf(message.usage_metadata),
  });
}

const isText = (type: string): boolean => type === "text" || type === "refusal";
/** Thought and calls, in the forms of LangChain and of its integrations; calls are read from `tool_calls`. */
const silentBlocks = new Set([
  "thinking",
  "redacted_thinking",
  "reasoning",
  "reasoning_content",
  "tool_use",
  "tool_call",
  "invalid_tool_call",
  "functionCall",
]);

function blocksOf({ content }: AiMessage): z.infer<typeof block>[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return content.map((part) => (typeof part === "string" ? { type: "text", text: part } : part));
}

function textOf(message: AiMessage): string {
  const texts = blocksOf(message).map(({ type, text, refusal }) => (isText(type) ? (text ?? refusal ?? "") : ""));
  const text = texts.join("");
  return text === "" ? (message.additional_kwargs?.refusal ?? "") : text;
}

/** Readable calls first; one without an id gets the place that it has. */
function callsOf({ tool_calls, invalid_tool_calls }: AiMessage): ChatToolCall[] {
  const readable = (tool_calls ?? []).map(({ id, name, args }) => ({
    id,
    name,
    input: args,
    inputText: JSON.stringify(args),
  }));
  const broken = (invalid_tool_calls ?? []).map(({ id, name, args }) => ({
    id,
    name: name ?? "",
    input: null,
    inputText: args ?? "",
  }));
  return [...readable, ...broken].map((each, place) => ({ ...each, id: each.id ?? `call-${place}` }));
}

const hasIds = ({ tool_calls }: AiMessage): boolean => (tool_calls ?? []).every(({ id }) => typeof id === "string");

const endsWithAny = (text: string, stopTexts: readonly string[]): boolean =>
  stopTexts.some((stop) => text.endsWith(stop));

/** Names of finish reasons, of OpenAI, Anthropic, Google, Bedrock, Mistral and Ollama, in lower case. */
const stops: Readonly<Record<string, ChatStop>> = {
  length: "max-tokens",
  max_tokens: "max-tokens",
  max_output_tokens: "max-tokens",
  model_length: "context-full",
  model_context_window_exceeded: "context-full",
  context_exceeded: "context-full",
  refusal: "refused",
  content_filter: "refused",
  content_filtered: "refused",
  guardrail_intervened: "refused",
  safety: "refused",
  prohibited_content: "refused",
  blocklist: "refused",
};
const stopKeys = ["finish_reason", "stop_reason", "finishReason", "stopReason", "done_reason"];

function stopOf(message: AiMessage, isStopped: boolean): ChatStop {
  if (isStopped) return "stop-text";
  const metadata = message.response_metadata ?? {};
  const incomplete = z.object({ reason: z.string() }).safeParse(metadata["incomplete_details"]).data?.reason;
  const reasons = [...stopKeys.map((key) => metadata[key]), incomplete].filter((reason) => typeof reason === "string");
  const found = reasons.map((reason) => stops[reason.toLowerCase()]).find((stop) => stop !== undefined);
  const isRefused = blocksOf(message).some(({ type }) => type === "refusal") || message.additional_kwargs?.refusal;
  return found ?? (isRefused ? "refused" : "ended");
}

function usageOf(usage: AiMessage["usage_metadata"]): ChatUsage | null {
  if (usage === null || usage === undefined) return null;
  const cachedTokens = Math.min(usage.input_token_details?.cache_read ?? 0, usage.input_tokens);
  return { inputTokens: usage.input_tokens - cachedTokens, cachedTokens, outputTokens: usage.output_tokens };
}
