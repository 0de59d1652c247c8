import type { ChatReply, ChatToolCall, ParsedAction } from "@litmus/core";
import { z } from "zod";
import { citedIds, malformed, readContent } from "./parse-action.ts";
import { closeTag, openTag, type TagName } from "./tags.ts";

const searchInput = z.object({ query: z.string() });
const citation = z.union([z.string(), z.number().transform(String)]);
const answerInput = z.object({
  answer: z.string(),
  citations: z
    .union([z.array(citation), citation.transform((one) => [one])])
    .nullish()
    .transform((ids) => ids ?? []),
});

/**
 * Reads an action from a reply's tool calls: the first decides, as the first complete tag does in a text. Text beside it is
 * thought; a reply without a call is malformed, whatever its text says.
 */
export function readCalls({ text, calls }: Pick<ChatReply, "text" | "calls">): ParsedAction {
  const call = calls[0];
  if (call === undefined) return malformed(text.trim() === "" ? "empty action" : "neither a search nor an answer");
  switch (call.name) {
    case "search": {
      const input = searchInput.safeParse(call.input).data;
      return input === undefined ? unreadable(call) : readContent("search", input.query, []);
    }
    case "answer": {
      const input = answerInput.safeParse(call.input).data;
      return input === undefined ? unreadable(call) : readContent("answer", input.answer, citedIds(input.citations));
    }
    default:
      return malformed(`there is no tool ${JSON.stringify(call.name.slice(0, 80))}`);
  }
}

const unreadable = ({ name }: ChatToolCall) => malformed(`the input of ${name} is not what the tool takes`);

/** A reply as one text: what was called, in the tags that say the same; what no tag can say, as it was written. */
export function writeCalls({ text, calls }: Pick<ChatReply, "text" | "calls">): string {
  return [text, ...calls.map(writeCall)].filter((part) => part.trim() !== "").join("\n");
}

function writeCall({ name, input, inputText }: ChatToolCall): string {
  const search = name === "search" ? searchInput.safeParse(input).data : undefined;
  if (search !== undefined) return inTag("search", search.query);
  const answer = name === "answer" ? answerInput.safeParse(input).data : undefined;
  if (answer === undefined) return `${name}(${inputText})`;
  const cited = answer.citations.length === 0 ? "" : `${inTag("cite", answer.citations.join(", "))}\n`;
  return `${cited}${inTag("answer", answer.answer)}`;
}

const inTag = (name: TagName, content: string): string => `${openTag(name)}${content}${closeTag(name)}`;
