import type { Segment } from "@litmus/core";
import type { RenderedSegment } from "../render/renderer.ts";
import type { EpisodeState } from "./episode-state.ts";

/** The update that adds segments to the end of an episode, as part of the given turn. */
export function appendSegments(
  state: Pick<EpisodeState, "tokens">,
  rendered: readonly RenderedSegment[],
  turn: number,
): { tokens: number[]; segments: Segment[] } {
  const tokens: number[] = [];
  const segments = rendered.map(({ kind, tokens: own }) => {
    const start = state.tokens.length + tokens.length;
    tokens.push(...own);
    return { kind, start, end: start + own.length, turn };
  });
  return { tokens, segments };
}
