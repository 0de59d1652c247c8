import { chatBudgets } from "@litmus/agent";

/** @file What an experiment file with a chat model need not say: it has no weights here, no trainer and no stages. */

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of the file with what it lacks; one that is no object is left to the schema to refuse. */
const filled = (value: unknown, lacking: Record<string, unknown>): unknown =>
  value === undefined ? lacking : isObject(value) ? { ...lacking, ...value } : value;

/** The file as it is, or with the defaults that a chat model makes sense with. */
export function withChatDefaults(file: unknown): unknown {
  if (!isObject(file) || !isObject(file["policy"]) || file["policy"]["engine"] !== "chat") return file;
  const agent = filled(file["agent"], {
    basePrompt: file["policy"]["protocol"] === "tags" ? "chat-tags-v1" : "chat-tools-v1",
  });
  const budgets = isObject(agent) ? filled(agent["budgets"], { ...chatBudgets }) : null;
  return {
    trainer: { engine: "none" },
    stages: [],
    ...file,
    model: isObject(file["model"])
      ? filled(file["model"], { sha256: null, sources: [], weights: "as-published" })
      : file["model"],
    agent: isObject(agent) ? { trainedPrompt: agent["basePrompt"], ...agent, budgets } : agent,
    evaluation: filled(file["evaluation"], { sampled: null }),
  };
}
