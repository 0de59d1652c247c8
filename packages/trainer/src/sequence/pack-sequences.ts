import { LitmusError } from "@litmus/core";
import type { PackedRow, Segment } from "./packed-row.ts";

type Sequences = readonly (readonly number[])[];

/** A row being filled. */
interface OpenRow {
  readonly length: number;
  readonly segments: Segment[];
  used: number;
}

/**
 * Packs sequences into rows: longest first, each into the first row with room (first-fit decreasing). Rows are filled
 * up to the one of the lengths that makes the whole cheapest; then each takes the smallest length that holds it.
 * @param lengths ascending
 * @param costOf of computing one row of a length
 * @throws LitmusError `bug` when a sequence is longer than the longest row
 */
export function packSequences(
  sequences: Sequences,
  lengths: readonly number[],
  costOf: (length: number) => number,
): PackedRow[] {
  const packings = lengths.map((capacity) => packUpTo(sequences, lengths, capacity));
  const costs = packings.map((rows) => rows.reduce((sum, row) => sum + costOf(row.length), 0));
  return packings[costs.indexOf(Math.min(...costs))] ?? [];
}

/** A sequence longer than the capacity has a row of its own. */
function packUpTo(sequences: Sequences, lengths: readonly number[], capacity: number): PackedRow[] {
  const rows: OpenRow[] = [];
  for (const sequence of longestFirst(sequences)) {
    const tokens = sequences[sequence] as readonly number[];
    let row = rows.find((candidate) => candidate.used + tokens.length <= candidate.length);
    if (row === undefined) {
      row = { length: Math.max(capacity, smallestHolding(lengths, tokens.length)), segments: [], used: 0 };
      rows.push(row);
    }
    row.segments.push({ sequence, start: row.used, tokens });
    row.used += tokens.length;
  }
  return rows.map((row) => ({ length: smallestHolding(lengths, row.used), segments: row.segments }));
}

function longestFirst(sequences: Sequences): number[] {
  const sizes = sequences.map((tokens) => tokens.length);
  return sizes.map((_, index) => index).sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b);
}

function smallestHolding(lengths: readonly number[], tokens: number): number {
  const length = lengths.find((candidate) => candidate >= tokens);
  if (length === undefined) throw new LitmusError("bug", `${tokens} tokens fit no row of ${lengths.join(", ")}`);
  return length;
}
