import type { ChatTool } from "@litmus/core";

/** The tools that a chat model is offered; what it gives to them is read by `readCalls`. */
export const chatTools: readonly ChatTool[] = [
  {
    name: "search",
    description: "Searches the literature and gives the records that fit best, each with its id.",
    inputSchema: {
      type: "object",
      properties: { query: { type: "string", description: "A few words, as for a search engine." } },
      required: ["query"],
      additionalProperties: false,
    },
  },
  {
    name: "answer",
    description: "Gives the final answer.",
    inputSchema: {
      type: "object",
      properties: {
        answer: { type: "string", description: "One name or a short phrase, without explanation." },
        citations: {
          type: "array",
          items: { type: "string" },
          description: "Ids of the records that support the answer, as they stand in square brackets.",
        },
      },
      required: ["answer", "citations"],
      additionalProperties: false,
    },
  },
];
