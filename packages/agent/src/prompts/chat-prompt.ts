/** How a chat model says what it wants: in tags that the parser reads, or by calling tools. */
export const chatProtocols = ["tags", "tools"] as const;
export type ChatProtocol = (typeof chatProtocols)[number];

/** A versioned prompt for chat models, which are given messages in place of ids. */
export interface ChatPromptTemplate {
  /** Kebab-case, ends in its version. A changed text is a new version. */
  readonly name: string;
  /** What it is for, in one line. */
  readonly purpose: string;
  readonly protocol: ChatProtocol;
  /** The system message, the same in every episode. */
  readonly system: string;
  /** Before the question, in the first message of the user. */
  readonly questionCue: string;
  /** The one line of the message that follows a malformed action. It holds no pair of tags. */
  readonly correction: string;
  /** What is said to calls after the first one of a message. */
  readonly notRun: string;
}
