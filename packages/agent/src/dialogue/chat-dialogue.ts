import type { AssistantMessage, ChatMessage, ChatPolicy, ChatReply, ChatRequest, ParsedAction } from "@litmus/core";
import { succeed } from "@litmus/core";
import { malformed, parseAction } from "../action/parse-action.ts";
import { readCalls, writeCalls } from "../action/read-calls.ts";
import { stopTexts } from "../action/tags.ts";
import type { ChatPromptTemplate } from "../prompts/chat-prompt.ts";
import { estimatedTokens, estimatingCodec } from "../render/estimated-tokens.ts";
import { fewestObservationTokens, fitObservation } from "../render/fit-observation.ts";
import { cleanQuestion } from "../text/clean-question.ts";
import { chatTools } from "./chat-tools.ts";
import { silence, type Acted, type ActionRequest, type Dialogue, type Saying } from "./dialogue.ts";

const textMessage = (role: "system" | "user", text: string): ChatMessage => ({ role, parts: [{ type: "text", text }] });
const saying = (...messages: readonly ChatMessage[]): Saying => ({ ...silence, messages });

/**
 * An episode in messages. Both protocols lead to the same record; retrieved text comes cleaned and without the agent's tags
 * in either. Lengths are estimates, since a chat model's tokenizer is not known.
 */
export function createChatDialogue(policy: ChatPolicy, template: ChatPromptTemplate): Dialogue {
  const system = textMessage("system", template.system);
  const fewest = Math.max(fewestObservationTokens(estimatingCodec), estimatedTokens(template.correction));
  return {
    contextTokens: policy.contextTokens,
    sharedTokens: tokensOf([system]),
    fewestReplyTokens: fewest,
    // Its longest action is a setting that the model is made with: it is asked for whole, whatever room is left.
    mostAnswerTokens: Infinity,
    fewestObservationTokens: fewest,
    retrievesFirst: false,
    identity: () => policy.identity(),
    tokensOf: ({ messages }) => tokensOf(messages),
    open: (question) =>
      question === null
        ? saying(system)
        : saying(system, textMessage("user", template.questionCue + cleanQuestion(question))),
    act: async ({ messages }, request) => {
      const outcome = await policy.respond(chatRequest(template, messages, request), request.signal);
      return outcome.ok ? succeed(read(template, messages, outcome.value)) : outcome;
    },
    observe: ({ messages }, found, maxTokens) => {
      const { tokens, shown } = fitObservation(found, maxTokens, estimatingCodec);
      const block = estimatingCodec.decode(tokens).trim();
      return { saying: saying(...replies(block, messages.at(-1), template.notRun)), hits: shown };
    },
    correct: () => saying(textMessage("user", template.correction)),
    end: () => undefined,
  };
}

function chatRequest(
  { protocol }: ChatPromptTemplate,
  messages: readonly ChatMessage[],
  { maxActionTokens, temperature, seed }: ActionRequest,
): ChatRequest {
  return {
    messages,
    tools: protocol === "tools" ? chatTools : [],
    maxTokens: maxActionTokens,
    temperature,
    seed,
    stopTexts: protocol === "tags" ? stopTexts : [],
  };
}

function read({ protocol }: ChatPromptTemplate, messages: readonly ChatMessage[], reply: ChatReply): Acted {
  const text = writeCalls(reply);
  const action = refusalOf(reply, protocol === "tools" ? readCalls(reply) : parseAction(reply.text));
  const usage = reply.usage ?? {
    inputTokens: tokensOf(messages),
    cachedTokens: 0,
    outputTokens: estimatedTokens(text),
  };
  return {
    text,
    action,
    cutBy: reply.stop === "max-tokens" ? "max_tokens" : reply.stop === "context-full" ? "context_overflow" : null,
    sampledTokens: usage.outputTokens,
    usage: {
      prefilledTokens: usage.inputTokens,
      cachedTokens: usage.cachedTokens,
      sampledTokens: usage.outputTokens,
    },
    policy: reply.policy,
    saying: saying(remembered(reply, { action, text, takesCalls: protocol === "tools" })),
  };
}

const refusalOf = ({ stop }: ChatReply, action: ParsedAction): ParsedAction =>
  stop === "refused" && action.type === "malformed" ? malformed("the model refused") : action;

interface ReadReply {
  readonly action: ParsedAction;
  readonly text: string;
  readonly takesCalls: boolean;
}

/** A reply as the model is shown it later: without broken calls, which would be refused; as text where it says nothing. */
function remembered(reply: ChatReply, { action, text, takesCalls }: ReadReply): AssistantMessage {
  const isWhole = action.type !== "malformed" && (takesCalls || reply.calls.length === 0);
  if (!isWhole)
    return { role: "assistant", parts: [{ type: "text", text: text || "(nothing)" }], calls: [], original: null };
  const parts = reply.text === "" ? [] : [{ type: "text" as const, text: reply.text }];
  const calls = reply.calls.filter(({ input }) => input !== null);
  return { role: "assistant", parts, calls, original: calls.length === reply.calls.length ? reply.original : null };
}

/** The results: as what the first call gave, each other readable one being told that it was not run; as a message where none was called. */
function replies(block: string, last: ChatMessage | undefined, notRun: string): ChatMessage[] {
  const calls = last?.role === "assistant" ? last.calls : [];
  if (calls.length === 0) return [textMessage("user", block)];
  return calls.map(({ id, name }, i) => ({
    role: "tool",
    callId: id,
    name,
    parts: [{ type: "text", text: i === 0 ? block : notRun }],
  }));
}

const tokensOf = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, message) => sum + estimatedTokens(textOf(message)), 0);

function textOf(message: ChatMessage): string {
  const said = message.parts.map((part) => (part.type === "text" ? part.text : part.base64));
  const called = message.role === "assistant" ? message.calls.map(({ name, inputText }) => name + inputText) : [];
  return [...said, ...called].join("");
}
