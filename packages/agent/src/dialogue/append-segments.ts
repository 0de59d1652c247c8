import type { Segment } from "@litmus/core";
import type { RenderedSegment } from "../render/renderer.ts";
import { silence, type Said, type Saying } from "./dialogue.ts";

/** Segments at the end of what was said, as part of its turn. */
export function appendSegments(said: Pick<Said, "tokens" | "turn">, rendered: readonly RenderedSegment[]): Saying {
  const tokens: number[] = [];
  const segments = rendered.map(({ kind, tokens: own }): Segment => {
    const start = said.tokens.length + tokens.length;
    tokens.push(...own);
    return { kind, start, end: start + own.length, turn: said.turn };
  });
  return { ...silence, tokens, segments };
}
