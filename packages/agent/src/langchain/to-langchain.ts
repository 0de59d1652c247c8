import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import type { AssistantMessage, ChatMessage, ChatPart, ChatTool } from "@litmus/core";

/** Messages in LangChain's form; what the model said itself goes back as it was. */
export const toLangChain = (messages: readonly ChatMessage[]): unknown[] => messages.map(messageOf);

/** Tools in the form that every integration converts to its own. */
export const toLangChainTools = (tools: readonly ChatTool[]): object[] =>
  tools.map(({ name, description, inputSchema }) => ({ name, description, schema: inputSchema }));

function messageOf(message: ChatMessage): unknown {
  switch (message.role) {
    case "system":
      return new SystemMessage(contentOf(message.parts));
    case "user":
      return new HumanMessage(contentOf(message.parts));
    case "assistant":
      return message.original ?? assistantMessage(message);
    case "tool":
      return new ToolMessage({ ...contentOf(message.parts), tool_call_id: message.callId, name: message.name });
    default:
      return message satisfies never;
  }
}

function assistantMessage({ parts, calls }: AssistantMessage): BaseMessage {
  const toolCalls = calls.map(({ id, name, input }) => ({ type: "tool_call" as const, id, name, args: input ?? {} }));
  return new AIMessage({ ...contentOf(parts), tool_calls: toolCalls });
}

/** Plain text where it is text alone, which every integration takes; else LangChain's standard blocks. */
function contentOf(parts: readonly ChatPart[]) {
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.length === parts.length) return { content: texts.join("") };
  return { contentBlocks: parts.map(blockOf) };
}

const blockOf = (part: ChatPart) =>
  part.type === "text" ? part : { type: part.type, mimeType: part.mediaType, data: part.base64 };
