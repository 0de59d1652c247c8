import type { Policy } from "./chat-policy.ts";
import type { Retriever } from "./retriever.ts";
import type { Trajectory, Turn } from "./trajectory.ts";

/** Limits of one episode, all in tokens but the first. Reaching one is a stop reason, and is scored. */
export interface EpisodeBudgets {
  /** Turns that may search; one more turn may only answer. */
  readonly maxTurns: number;
  readonly maxActionTokens: number;
  readonly maxObservationTokens: number;
  /** Everything after the shared few-shot prefix. */
  readonly maxEpisodeTokens: number;
  /** Documents an observation shows. */
  readonly topK: number;
}

export interface EpisodeOptions {
  readonly seed: number;
  readonly temperature: number;
  readonly budgets: EpisodeBudgets;
  /** Wall-clock deadline, far above the budgets: exceeding it is a failure. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EpisodeEvent) => void;
}

/** Noun-verb events, in order, of one episode. */
export type EpisodeEvent =
  | { readonly type: "episode-start"; readonly question: string }
  | { readonly type: "turn-start"; readonly turn: number }
  | { readonly type: "action-end"; readonly turn: number; readonly text: string }
  | { readonly type: "search-start"; readonly turn: number; readonly query: string }
  | { readonly type: "search-end"; readonly turn: number; readonly hits: number }
  | { readonly type: "turn-end"; readonly turn: Turn }
  | { readonly type: "episode-end"; readonly trajectory: Trajectory };

/**
 * What the rollout runner knows of an agent. It never sees the golden answers, and must not reject but for bugs and settings:
 * an agent that takes tokens alone throws `incompatible` for a chat model.
 */
export interface Agent {
  readonly name: string;
  run(question: string, policy: Policy, retriever: Retriever, options: EpisodeOptions): Promise<Trajectory>;
}
