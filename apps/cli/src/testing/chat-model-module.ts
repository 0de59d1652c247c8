import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A module as a user would bring it, without a vendor's package: models that have the shape of LangChain's. The default one
 * searches the question and answers with the first word in capitals of what it is shown.
 */
const source = `
const textOf = (message) => (typeof message.content === "string" ? message.content : JSON.stringify(message.content));

const reader = (tools) => ({
  invoke: async (messages) => {
    const question = textOf(messages[1]).replace("Question: ", "");
    const shown = /\\[(LM\\w+)\\] ([^\\n]*)/.exec(textOf(messages.at(-1)));
    const gene = shown?.[2].match(/\\b[A-Z][A-Z0-9]{2,}\\b/)?.[0] ?? "none";
    const usage_metadata = { input_tokens: 100, output_tokens: 10 };
    if (!tools) {
      const content = shown ? "<cite>" + shown[1] + "</cite><answer>" + gene + "</answer>" : "<search>" + question + "</search>";
      return { content, usage_metadata };
    }
    const call = shown
      ? { name: "answer", args: { answer: gene, citations: [shown[1]] } }
      : { name: "search", args: { query: question } };
    return { content: "", usage_metadata, tool_calls: [{ ...call, id: "call-" + messages.length }] };
  },
});

export default { ...reader(false), bindTools: () => reader(true) };
export const make = async () => reader(false);
export const plain = reader(false);
export const nonsense = 42;
export const broken = () => {
  throw new Error("no key");
};
const calling = (invoke) => ({ invoke, bindTools: () => ({ invoke }) });
export const throwing = calling(async () => {
  throw Object.assign(new Error("wrong key"), { status: 401 });
});
export const hanging = calling(() => new Promise(() => undefined));
`;

/** Writes the module into a folder. @returns its path as an experiment file in that folder names it */
export async function writeChatModelModule(folder: string): Promise<string> {
  await writeFile(join(folder, "my-model.mjs"), source);
  return "./my-model.mjs";
}
