import type { Interval } from "@litmus/algorithms";
import { html, type Markup } from "./markup.ts";

const width = 150;
const height = 18;

export interface IntervalMarkInput {
  readonly value: number | null;
  readonly ci95: Interval | null;
  readonly low: number;
  readonly high: number;
  /** A line to compare with: 0 for a difference. */
  readonly reference?: number;
}

/** A value and its interval on a small common scale. Decoration: the figures stand beside it. */
export function intervalMark({ value, ci95, low, high, reference }: IntervalMarkInput): Markup {
  const at = (x: number): number =>
    Math.round((6 + ((Math.min(high, Math.max(low, x)) - low) / (high - low || 1)) * (width - 12)) * 10) / 10;
  const middle = height / 2;
  return html`<svg class="mark" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-hidden="true">
    <line class="track" x1="6" x2="${width - 6}" y1="${middle}" y2="${middle}" />
    ${reference === undefined ? null : html`<line class="reference" x1="${at(reference)}" x2="${at(reference)}" y1="1" y2="${height - 1}" />`}
    ${ci95 === null ? null : html`<line class="range" x1="${at(ci95.low)}" x2="${at(ci95.high)}" y1="${middle}" y2="${middle}" />`}
    ${value === null ? null : html`<circle cx="${at(value)}" cy="${middle}" r="4" />`}
  </svg>`;
}

/** A round bound, the same for all gains, that holds every interval. */
export function reachOf(
  gains: readonly { readonly difference: number | null; readonly ci95: Interval | null }[],
): number {
  const ends = gains
    .flatMap(({ difference, ci95 }) => [difference ?? 0, ci95?.low ?? 0, ci95?.high ?? 0])
    .map(Math.abs);
  return [0.1, 0.2, 0.4, 0.6].find((bound) => ends.every((end) => end <= bound)) ?? 1;
}
