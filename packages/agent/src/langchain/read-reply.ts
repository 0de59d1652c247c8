import type { ChatReply, ChatRequest, ChatStop, ChatToolCall, ChatUsage, Outcome } from "@litmus/core";
import { cutAtStopText, fail, succeed } from "@litmus/core";
import { z } from "zod";
import { chatFailure } from "./chat-failure.ts";
import { readStop } from "./read-stop.ts";

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

type Asked = Pick<ChatRequest, "messages" | "stopTexts">;

/** A reply as a chat policy gives it. A part of it that is neither text, nor thought, nor a call is a failure, never dropped. */
export function readReply(reply: unknown, { messages, stopTexts }: Asked): Outcome<Omit<ChatReply, "policy">> {
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
  const calls = callsOf(message, messages.length);
  const written = textOf(message);
  const text = cutAtStopText(written, stopTexts) ?? written;
  const stop = stopOf(message, {
    isStopped: text !== written || endsWithAny(text, stopTexts),
    isEmpty: text.trim() === "" && calls.length === 0,
  });
  if (!stop.ok) return stop;
  const isWhole = text === written && calls.every(({ input }) => input !== null) && hasIds(message);
  return succeed({
    text,
    calls,
    stop: stop.value,
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

/**
 * Readable calls first: LangChain gives these and the broken ones as two lists, without an order between them. One without an
 * id gets the place that it has, in the message that it has in the episode.
 */
function callsOf({ tool_calls, invalid_tool_calls }: AiMessage, place: number): ChatToolCall[] {
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
  return [...readable, ...broken].map((each, i) => ({ ...each, id: each.id ?? `call-${place}-${i}` }));
}

const hasIds = ({ tool_calls }: AiMessage): boolean => (tool_calls ?? []).every(({ id }) => typeof id === "string");

const endsWithAny = (text: string, stopTexts: readonly string[]): boolean =>
  stopTexts.some((stop) => text.endsWith(stop));

const stopKeys = ["finish_reason", "stop_reason", "finishReason", "stopReason", "done_reason"];

interface Ending {
  /** At a stop text. */
  readonly isStopped: boolean;
  readonly isEmpty: boolean;
}

function stopOf(message: AiMessage, { isStopped, isEmpty }: Ending): Outcome<ChatStop> {
  const metadata = message.response_metadata ?? {};
  const incomplete = z.object({ reason: z.string() }).safeParse(metadata["incomplete_details"]).data?.reason;
  const reasons = [...stopKeys.map((key) => metadata[key]), incomplete].filter((reason) => typeof reason === "string");
  const isRefused =
    blocksOf(message).some(({ type }) => type === "refusal") || Boolean(message.additional_kwargs?.refusal);
  const stop = readStop({ reasons, isEmpty, isRefused });
  return stop.ok && isStopped ? succeed("stop-text") : stop;
}

function usageOf(usage: AiMessage["usage_metadata"]): ChatUsage | null {
  if (usage === null || usage === undefined) return null;
  const cachedTokens = Math.min(usage.input_token_details?.cache_read ?? 0, usage.input_tokens);
  return { inputTokens: usage.input_tokens - cachedTokens, cachedTokens, outputTokens: usage.output_tokens };
}
