import { LitmusError } from "@litmus/core";

/** Settings that a chat model is made for. */
export interface ChatModelSettings {
  /** 0 is greedy. */
  readonly temperature: number;
  /** Longest reply, in the model's own tokens. */
  readonly maxTokens: number;
}

/** What is used of a LangChain chat model; any runnable on messages fits, also one with retries or fallbacks around it. */
export interface InvocableChatModel {
  // Of what LangChain declares nothing is repeated here: the user's version of it may be another than ours.
  invoke(input: unknown, options?: unknown): Promise<unknown>;
  bindTools?(tools: unknown): InvocableChatModel;
}

/** Makes the model for one set of settings; called once for each. */
export type ChatModelFactory = (settings: ChatModelSettings) => InvocableChatModel | Promise<InvocableChatModel>;

/** @throws LitmusError `invalid-config` when the value is no chat model */
export function requireChatModel(value: unknown): InvocableChatModel {
  const isObject = typeof value === "object" && value !== null;
  if (isObject && "invoke" in value && typeof value.invoke === "function") return value as InvocableChatModel;
  const found = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  throw new LitmusError("invalid-config", `a LangChain chat model was expected, not ${found}`, {
    hint: "give a chat model, or a function that returns one for { temperature, maxTokens }",
  });
}
