/** A mark of chat models, inserted as its control id and never parsed from text. */
export interface TurnMark {
  readonly mark: "start-of-turn" | "end-of-turn";
}

export type PromptPart = string | TurnMark;

/** A versioned prompt: everything the environment writes around a question and its observations. */
export interface PromptTemplate {
  /** Kebab-case, ends in its version. A changed text is a new version. */
  readonly name: string;
  /** What it is for, in one line. */
  readonly purpose: string;
  /** After the beginning of sequence; the same in every episode: rules, worked examples, the cue before the question. */
  readonly shared: readonly PromptPart[];
  /** Between the question and the first action, or the first observation where `retrievesFirst`. */
  readonly afterQuestion: readonly PromptPart[];
  /** Around each observation. */
  readonly beforeObservation: readonly PromptPart[];
  readonly afterObservation: readonly PromptPart[];
  /** The one line of the information block that follows a malformed action. It holds no pair of tags. */
  readonly correction: string;
  /** Last text before each action that belongs to it: the parser reads it and the action as one. */
  readonly actionCue: "" | "<answer>";
  /** The bare question is searched before the first action, and the policy may only answer: the one-search baseline. */
  readonly retrievesFirst: boolean;
}
