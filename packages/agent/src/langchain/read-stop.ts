import { fail, succeed, type ChatStop, type Outcome } from "@litmus/core";
import { chatFailure } from "./chat-failure.ts";

/** Finish reasons of OpenAI, Anthropic, Google, Bedrock, Mistral, Cohere, DeepSeek, vLLM and Ollama, in lower case. */
const stops: Readonly<Record<string, ChatStop | "failed">> = {
  stop: "ended",
  end_turn: "ended",
  stop_sequence: "ended",
  complete: "ended",
  completed: "ended",
  eos: "ended",
  eos_token: "ended",
  tool_call: "ended",
  tool_calls: "ended",
  tool_use: "ended",
  function_call: "ended",
  // What the model called was no call.
  malformed_function_call: "ended",
  unexpected_tool_call: "ended",
  malformed_tool_use: "ended",
  malformed_model_output: "ended",
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
  spii: "refused",
  error: "failed",
  insufficient_system_resource: "failed",
  abort: "failed",
  other: "failed",
  recitation: "failed",
  timeout: "failed",
};

export interface EndedReply {
  /** Finish reasons as the engine names them; none where it does not say. */
  readonly reasons: readonly string[];
  /** Neither text nor a call. */
  readonly isEmpty: boolean;
  readonly isRefused: boolean;
}

/**
 * Why a reply ended. A reason that tells of the engine, not of what the model said, is a failure: it is never scored. So is one
 * that is not known, where there is nothing to read.
 */
export function readStop({ reasons, isEmpty, isRefused }: EndedReply): Outcome<ChatStop> {
  const known = reasons.map((reason) => stops[reason.toLowerCase()]);
  const failing = reasons.find((_, i) => known[i] === "failed" || (isEmpty && known[i] === undefined));
  if (failing !== undefined)
    return fail(chatFailure("engine-failed", `the engine ended its reply with ${JSON.stringify(failing)}`));
  const telling = known.find((stop) => stop !== undefined && stop !== "failed" && stop !== "ended");
  return succeed(telling ?? (isRefused ? "refused" : "ended"));
}
