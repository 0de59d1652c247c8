import type {
  EpisodeOutcome,
  Failure,
  ParsedAction,
  PolicyIdentity,
  RecordId,
  Rng,
  Segment,
  Sha256,
  ShownHit,
  Trajectory,
  Turn,
} from "@litmus/core";
import { createByteTokenizer } from "../byte-tokenizer.ts";

/** A turn before it is encoded. */
export interface DraftTurn {
  readonly text: string;
  readonly action: ParsedAction;
  /** What the search of this turn gave; absent where there was none. */
  readonly reply?: {
    readonly hits: readonly ShownHit[];
    readonly failure: Failure | null;
    readonly durationMs: number;
  };
}

export interface EpisodeDraft {
  readonly question: string;
  readonly turns: readonly DraftTurn[];
  readonly outcome: EpisodeOutcome;
  readonly prompt: Trajectory["prompt"];
  readonly policy: PolicyIdentity;
  readonly indexId: Sha256;
  readonly temperature: number;
  readonly seed: number;
  readonly startedAt: string;
  /** Of log-probabilities and durations. */
  readonly rng: Rng;
}

const tokenizer = createByteTokenizer();

/** The trajectory that a draft comes to: its texts as ids, one for each byte, with segments and log-probabilities. */
export function buildEpisode(draft: EpisodeDraft): Trajectory {
  const { question, turns, outcome, prompt, policy, indexId, temperature, seed, startedAt, rng } = draft;
  const { tokens, segments } = encode(draft);
  const sampledTokens = tokensOf(segments, "action");
  const last = turns.at(-1)?.action;
  return {
    schemaVersion: 1,
    question,
    prompt,
    policy,
    indexId,
    temperature,
    seed,
    tokens,
    segments,
    logProbs: Array.from({ length: sampledTokens }, () => -0.4 * Math.abs(rng.normal()) ** 3),
    turns: turns.map(turnOf),
    answer: last?.type === "answer" ? last.answer : null,
    cited: last?.type === "answer" ? retrieved(turns, last.cited) : [],
    outcome,
    usage: {
      prefilledTokens: tokens.length - sampledTokens,
      cachedTokens: 0,
      sampledTokens,
      searches: turns.filter(({ reply }) => reply !== undefined).length,
    },
    timing: { startedAt, durationMs: Math.round(900 + sampledTokens * 11 + rng.uniform() * 300) },
  };
}

function encode({ question, turns }: EpisodeDraft): Pick<Trajectory, "tokens" | "segments"> {
  const tokens: number[] = [];
  const segments: Segment[] = [];
  const append = (kind: Segment["kind"], turn: number, ids: readonly number[]): void => {
    segments.push({ kind, turn, start: tokens.length, end: tokens.length + ids.length });
    for (const id of ids) tokens.push(id);
  };
  append("prompt", 0, [tokenizer.special.beginOfSequence, ...tokenizer.encode(`Question: ${question}\n`)]);
  turns.forEach((turn, i) => {
    append("action", i, tokenizer.encode(turn.text));
    if (turn.reply !== undefined) append("observation", i + 1, tokenizer.encode(observationText(turn.reply.hits)));
  });
  return { tokens, segments };
}

function observationText(hits: readonly ShownHit[]): string {
  const shown = hits.map(({ recordId, title, shownText }) => `[${recordId}] ${title}\n${shownText}`);
  return `\n<information>\n${shown.length === 0 ? "No results found." : shown.join("\n")}\n</information>\n`;
}

function turnOf({ text, action, reply }: DraftTurn, index: number): Turn {
  const query = action.type === "search" ? action.query : "";
  return {
    index,
    actionText: text,
    action,
    sampledTokens: tokenizer.encode(text).length,
    search: reply === undefined ? null : { query, ...reply },
  };
}

function retrieved(turns: readonly DraftTurn[], cited: readonly string[]): RecordId[] {
  const shown = turns.flatMap(({ reply }) => reply?.hits.map(({ recordId }) => recordId) ?? []);
  return [...new Set(shown.filter((id) => cited.includes(id)))];
}

function tokensOf(segments: readonly Segment[], kind: Segment["kind"]): number {
  return segments.filter((each) => each.kind === kind).reduce((sum, { start, end }) => sum + end - start, 0);
}
