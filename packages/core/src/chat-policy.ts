import { LitmusError } from "./error.ts";
import type { Failure, Outcome } from "./failure.ts";
import { sha256 } from "./hash.ts";
import { policyVersion } from "./identity.ts";
import type { AdapterReference, PolicyIdentity, TokenPolicy } from "./policy.ts";

export const chatPartTypes = ["text", "image", "audio"] as const;
export type ChatPartType = (typeof chatPartTypes)[number];

/** One part of what is said to a chat model. */
export type ChatPart =
  | { readonly type: "text"; readonly text: string }
  /** Bytes in base64, with their media type: `image/png`. */
  | { readonly type: Exclude<ChatPartType, "text">; readonly mediaType: string; readonly base64: string };

/** A tool that a chat model may call. */
export interface ChatTool {
  readonly name: string;
  readonly description: string;
  /** JSON schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** A call of a tool, as the model wrote it: whether there is such a tool, and whether the input fits, is not checked. */
export interface ChatToolCall {
  /** Unique within an episode. */
  readonly id: string;
  readonly name: string;
  /** Null where the arguments are no JSON object. */
  readonly input: Readonly<Record<string, unknown>> | null;
  /** The arguments as text. */
  readonly inputText: string;
}

export type ChatMessage =
  | { readonly role: "system" | "user"; readonly parts: readonly ChatPart[] }
  | AssistantMessage
  | { readonly role: "tool"; readonly callId: string; readonly name: string; readonly parts: readonly ChatPart[] };

/** What the policy said before. */
export interface AssistantMessage {
  readonly role: "assistant";
  readonly parts: readonly ChatPart[];
  /** Each is answered by a `tool` message after it. */
  readonly calls: readonly ChatToolCall[];
  /** {@link ChatReply.original} of the same words, or null: the policy then builds the message from its parts. */
  readonly original: unknown;
}

/** Asks for one reply. */
export interface ChatRequest {
  /** Never empty. */
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ChatTool[];
  /** Longest reply, in the model's own tokens; at least 1. A policy whose settings are its own does not heed it. */
  readonly maxTokens: number;
  /** 0 is greedy. A policy that does not {@link ChatPolicy.takesTemperature} does not heed it. */
  readonly temperature: number;
  /** For those that draw by it: a scripted policy does, a provider's model does not. */
  readonly seed: number;
  /** The reply's text ends with the first of these that it holds. */
  readonly stopTexts: readonly string[];
}

/** Why a reply ended. */
export type ChatStop = "ended" | "stop-text" | "max-tokens" | "context-full" | "refused";

export interface ChatReply {
  readonly text: string;
  readonly calls: readonly ChatToolCall[];
  readonly stop: ChatStop;
  /** The engine's own form of the reply, to be given back to it unchanged; null where the text was cut. */
  readonly original: unknown;
  readonly policy: PolicyIdentity;
  /** Null where the engine does not say. */
  readonly usage: ChatUsage | null;
}

export interface ChatUsage {
  /** Without those found in a cache. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** Messages in and out: for questions and evaluation, never trainable, since its tokens are not known. */
export interface ChatPolicy {
  /** Parts it takes; a message with another is refused before anything is asked. */
  readonly acceptedParts: readonly ChatPartType[];
  readonly takesTools: boolean;
  /** Whether {@link ChatRequest.temperature} is heeded. */
  readonly takesTemperature: boolean;
  /** As configured: a chat model is not asked how long its context is. */
  readonly contextTokens: number;
  identity(): PolicyIdentity;
  /**
   * One reply; must not reject. Aborting the signal resolves with a failure of boundary `timeout`, code `aborted`; a part that
   * is not accepted with one of boundary `policy`, code `unsupported-part`.
   */
  respond(request: ChatRequest, signal?: AbortSignal): Promise<Outcome<ChatReply>>;
  close(): Promise<void>;
}

/** What an agent answers with. */
export type Policy = TokenPolicy | ChatPolicy;

export const isChatPolicy = (policy: Policy): policy is ChatPolicy => "respond" in policy;

const chatEngine = "chat:";

/** The identity of a chat model: its name is all that is known of it. */
export function chatIdentity(model: string): PolicyIdentity {
  const engine = `${chatEngine}${model}`;
  return { engine, modelSha256: sha256(engine), version: policyVersion(0), adapterSha256: null };
}

/** Whether a trajectory was written by a chat model: it has turns, but no tokens. */
export const isOfChatModel = ({ policy }: { readonly policy: PolicyIdentity }): boolean =>
  policy.engine.startsWith(chatEngine);

/** @throws LitmusError `incompatible` where the policy is a chat model */
export function requireTokenPolicy(policy: Policy): TokenPolicy {
  if (!isChatPolicy(policy)) return policy;
  throw new LitmusError(
    "incompatible",
    `${policy.identity().engine} is a chat model: it has no tokens and no adapters`,
    {
      path: "policy.engine",
      hint: "ask it or evaluate it (stages: []); to train, choose another policy.engine",
    },
  );
}

/** Has a policy answer as the base, with null, or with an adapter. @throws LitmusError as `useAdapter`; `incompatible` for an adapter of a chat model */
export async function useVersion(policy: Policy, adapter: AdapterReference | null): Promise<void> {
  if (adapter === null && isChatPolicy(policy)) return;
  await requireTokenPolicy(policy).useAdapter(adapter);
}

/** Why a chat policy cannot take a request, or null: every implementation checks it before it asks. */
export function refusedChatRequest(
  request: ChatRequest,
  policy: Pick<ChatPolicy, "acceptedParts" | "takesTools">,
): Failure | null {
  const foreign = request.messages
    .flatMap(({ parts }) => parts)
    .find(({ type }) => !policy.acceptedParts.includes(type));
  if (foreign !== undefined)
    return refusal("unsupported-part", `this policy takes ${policy.acceptedParts.join(", ")}, not ${foreign.type}`);
  if (request.tools.length > 0 && !policy.takesTools) return refusal("unsupported-tools", "this policy calls no tools");
  if (request.messages.length === 0) return refusal("invalid-request", "there is no message");
  const { maxTokens, temperature } = request;
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1 || !Number.isFinite(temperature) || temperature < 0)
    return refusal("invalid-request", `maxTokens ${maxTokens}, temperature ${temperature}`);
  return null;
}

const refusal = (code: string, message: string): Failure => ({ boundary: "policy", code, message, retryable: false });

/** The text up to the end of the first stop text in it; null where it holds none. */
export function cutAtStopText(text: string, stopTexts: readonly string[]): string | null {
  const ends = stopTexts.filter((stop) => text.includes(stop)).map((stop) => text.indexOf(stop) + stop.length);
  return ends.length === 0 ? null : text.slice(0, Math.min(...ends));
}
