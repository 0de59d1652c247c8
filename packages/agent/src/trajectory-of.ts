import type { Trajectory } from "@litmus/core";
import { LitmusError } from "@litmus/core";
import type { EpisodeContext } from "./graph/episode-context.ts";
import type { EpisodeState } from "./graph/episode-state.ts";
import type { PromptReference } from "./prompts/prompts.ts";

export interface EpisodeRecord {
  readonly episode: EpisodeContext;
  readonly prompt: PromptReference;
  readonly startedAt: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The immutable record of a finished episode. */
export function trajectoryOf(state: EpisodeState, record: EpisodeRecord): Trajectory {
  const { episode, prompt } = record;
  if (state.outcome === null) throw new LitmusError("bug", "the episode graph ended without an outcome");
  return {
    schemaVersion: 1,
    question: episode.question,
    prompt,
    policy: state.policy ?? episode.dialogue.identity(),
    indexId: episode.retriever.info.id,
    temperature: episode.options.temperature,
    seed: episode.options.seed,
    tokens: state.tokens,
    segments: state.segments,
    logProbs: state.logProbs,
    turns: state.turns,
    answer: state.answerText,
    cited: state.cited,
    outcome: state.outcome,
    usage: state.usage,
    timing: { startedAt: record.startedAt, durationMs: record.endMs - record.startMs },
  };
}
