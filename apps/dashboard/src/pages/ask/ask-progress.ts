import type { AskEvent, TurnView } from "@litmus/api";

/** A turn that is being made. */
export interface OpenTurn {
  /** From 0. */
  readonly index: number;
  /** The action, once it is sampled. */
  readonly text: string | null;
  /** What is being searched for. */
  readonly query: string | null;
}

export type EpisodeEnd = Extract<AskEvent, { type: "episode-end" }>;

/** How far a question is. */
export interface AskProgress {
  readonly phase: "loading" | "working" | "ended" | "failed" | "stopped";
  /** What is going on, in words. */
  readonly status: string;
  readonly turns: readonly TurnView[];
  readonly open: OpenTurn | null;
  readonly end: EpisodeEnd | null;
  /** Null unless it failed. */
  readonly error: unknown;
}

export const askBegun: AskProgress = {
  phase: "loading",
  status: "The question is put.",
  turns: [],
  open: null,
  end: null,
  error: null,
};

/** The progress after one more event. */
export function progressAfter(progress: AskProgress, event: AskEvent): AskProgress {
  switch (event.type) {
    case "policy-load":
      return { ...progress, phase: "loading", status: `Loading ${event.label}: it takes some seconds.` };
    case "episode-start":
      return { ...progress, phase: "working", status: "The policy begins." };
    case "turn-start":
      return {
        ...progress,
        phase: "working",
        status: `Turn ${event.turn + 1}: the policy writes.`,
        open: { index: event.turn, text: null, query: null },
      };
    case "action-end":
      return { ...progress, open: openAt(progress, event.turn, { text: event.text }) };
    case "search-start":
      return {
        ...progress,
        status: `Turn ${event.turn + 1}: searching.`,
        open: openAt(progress, event.turn, { query: event.query }),
      };
    case "turn-end":
      return { ...progress, turns: [...progress.turns, event.turn], open: null };
    case "episode-end":
      return { ...progress, phase: "ended", status: "The episode has ended.", open: null, end: event };
    case "error":
      return failed(progress, Object.assign(new Error(event.message), { code: event.code, hint: event.hint }));
    default:
      return event satisfies never;
  }
}

/** What was seen until it failed stays. */
export const failed = (progress: AskProgress, error: unknown): AskProgress => ({
  ...progress,
  phase: "failed",
  status: "It failed.",
  open: null,
  error,
});

export const stopped = (progress: AskProgress): AskProgress => ({
  ...progress,
  phase: "stopped",
  status: "Stopped. Nothing more is sampled.",
  open: null,
});

const openAt = ({ open }: AskProgress, index: number, patch: Partial<OpenTurn>): OpenTurn => ({
  ...(open?.index === index ? open : { index, text: null, query: null }),
  ...patch,
});
