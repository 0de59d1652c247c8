import { LitmusError } from "@litmus/core";
import type { PackedRow, Segment } from "./packed-row.ts";

/** A row being filled. */
interface OpenRow {
  readonly segments: Segment[];
  used: number;
}

/**
 * Packs sequences into rows of the given lengths: longest first, each into the first row with room (first-fit decreasing),
 * then each row takes the smallest length that holds it.
 * @param lengths ascending
 * @throws LitmusError `bug` when a sequence is longer than the largest row
 */
export function packSequences(sequences: readonly (readonly number[])[], lengths: readonly number[]): PackedRow[] {
  const largest = lengths.at(-1) ?? 0;
  const order = sequences.map((_, index) => index).sort((a, b) => lengthAt(sequences, b) - lengthAt(sequences, a) || a - b);
  const rows: OpenRow[] = [];
  for (const sequence of order) {
    const tokens = sequences[sequence] as readonly number[];
    if (tokens.length > largest) throw new LitmusError("bug", `a sequence of ${tokens.length} tokens does not fit a row of ${largest}`);
    const row = rows.find((candidate) => candidate.used + tokens.length <= largest) ?? openRow(rows);
    row.segments.push({ sequence, start: row.used, tokens });
    row.used += tokens.length;
  }
  return rows.map((row) => ({ length: smallestHolding(lengths, row.used), segments: row.segments }));
}

function openRow(rows: OpenRow[]): OpenRow {
  const row: OpenRow = { segments: [], used: 0 };
  rows.push(row);
  return row;
}

function smallestHolding(lengths: readonly number[], used: number): number {
  return lengths.find((length) => length >= used) as number;
}

function lengthAt(sequences: readonly (readonly number[])[], index: number): number {
  return (sequences[index] as readonly number[]).length;
}
