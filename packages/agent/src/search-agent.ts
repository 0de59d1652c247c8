import type {
  ChatPolicy,
  Clock,
  EpisodeBudgets,
  EpisodeEvent,
  EpisodeOptions,
  EpisodeUsage,
  Failure,
  Policy,
  Retriever,
  StopReason,
  Trajectory,
  Turn,
} from "@litmus/core";
import { isChatPolicy, LitmusError } from "@litmus/core";
import type { Citation } from "./citations.ts";
import { citationsOf, removedCitations } from "./citations.ts";
import { createEpisodeAgent } from "./episode-agent.ts";
import { iterateEvents } from "./iterate-events.ts";
import type { GraphCallbacks } from "./run-untraced.ts";
import { cleanQuestion, maxQuestionLength } from "./text/clean-question.ts";

/** Budgets of {@link createSearchAgent} where none are given; in tokens of a Gemma tokenizer they hold four full turns. */
export const defaultBudgets: EpisodeBudgets = {
  maxTurns: 3,
  maxActionTokens: 128,
  maxObservationTokens: 384,
  maxEpisodeTokens: 2_048,
  topK: 3,
};

/** The same with a chat model, which writes more than it needs to; in tokens that are estimated from the characters. */
export const chatBudgets: EpisodeBudgets = {
  maxTurns: 3,
  maxActionTokens: 1_024,
  maxObservationTokens: 1_024,
  maxEpisodeTokens: 8_192,
  topK: 3,
};

export interface SearchAgentSettings {
  readonly policy: Policy;
  readonly retriever: Retriever;
  /** Name of a prompt. Unless given `few-shot-v1`; with a chat model `chat-tools-v1`, or `chat-tags-v1` where it calls no tools. */
  readonly prompt?: string;
  /** Any of {@link defaultBudgets}, with a chat model of {@link chatBudgets}. */
  readonly budgets?: Partial<EpisodeBudgets>;
  /** 0, greedy, unless given. */
  readonly temperature?: number;
  /** 0 unless given. */
  readonly seed?: number;
  /** Two minutes unless given. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  /** LangChain callbacks. Without a LangSmith tracer among them, nothing is traced. */
  readonly callbacks?: GraphCallbacks;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
}

/** What came of a question. Exactly one of `stopReason` and `failure` is null; `answer` is null unless the reason is `completed`. */
export interface AskResult {
  readonly answer: string | null;
  readonly citations: readonly Citation[];
  /** Ids that the policy cited without having retrieved them: not among the citations. */
  readonly removedCitations: number;
  readonly turns: readonly Turn[];
  readonly stopReason: StopReason | null;
  readonly failure: Failure | null;
  readonly usage: EpisodeUsage;
  readonly trajectory: Trajectory;
}

export type AskEvent = EpisodeEvent | { readonly type: "ask-end"; readonly result: AskResult };

export interface SearchAgent {
  /** @throws LitmusError `invalid-input` when the question is empty or longer than {@link maxQuestionLength} */
  ask(question: string, options?: AskOptions): Promise<AskResult>;
  /** The episode's events as they happen, then the result. Leaving the loop early aborts the episode. @throws as `ask` */
  stream(question: string, options?: AskOptions): AsyncIterable<AskEvent>;
}

/**
 * A search agent for applications: the same compiled graph as in training and evaluation.
 * @throws LitmusError `invalid-config` when no prompt has the name
 */
export function createSearchAgent(settings: SearchAgentSettings): SearchAgent {
  const { policy, retriever, clock, callbacks } = settings;
  const isChat = isChatPolicy(policy);
  const prompt = settings.prompt ?? (isChat ? chatPromptOf(policy) : "few-shot-v1");
  const agent = createEpisodeAgent({
    prompt,
    ...(clock === undefined ? {} : { clock }),
    ...(callbacks === undefined ? {} : { callbacks }),
  });
  const shared = {
    seed: settings.seed ?? 0,
    temperature: settings.temperature ?? 0,
    timeoutMs: settings.timeoutMs ?? 120_000,
    budgets: { ...(isChat ? chatBudgets : defaultBudgets), ...settings.budgets },
  };
  const run = async (question: string, rest: Pick<EpisodeOptions, "signal" | "onEvent">): Promise<AskResult> => {
    checkQuestion(question);
    return resultOf(await agent.run(question, policy, retriever, { ...shared, ...rest }));
  };
  return {
    ask: (question, { signal } = {}) => run(question, signal === undefined ? {} : { signal }),
    stream: (question, { signal } = {}) =>
      iterateEvents<AskEvent>(signal, async (emit, ownSignal) => {
        emit({ type: "ask-end", result: await run(question, { signal: ownSignal, onEvent: emit }) });
      }),
  };
}

const chatPromptOf = ({ takesTools }: Pick<ChatPolicy, "takesTools">): string =>
  takesTools ? "chat-tools-v1" : "chat-tags-v1";

function checkQuestion(question: string): void {
  if (question.length > maxQuestionLength) {
    const found = `the question has ${question.length} characters: at most ${maxQuestionLength} are allowed`;
    throw new LitmusError("invalid-input", found, { path: "question", hint: "ask one short question" });
  }
  if (cleanQuestion(question) === "")
    throw new LitmusError("invalid-input", "the question is empty", { path: "question" });
}

function resultOf(trajectory: Trajectory): AskResult {
  const { answer, turns, outcome, usage } = trajectory;
  return {
    answer,
    citations: citationsOf(trajectory),
    removedCitations: removedCitations(trajectory),
    turns,
    stopReason: outcome.type === "stopped" ? outcome.reason : null,
    failure: outcome.type === "failed" ? outcome.failure : null,
    usage,
    trajectory,
  };
}
