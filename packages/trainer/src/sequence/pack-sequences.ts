import { LitmusError } from "@litmus/core";
import type { PackedRow } from "./packed-row.ts";

type Tokens = readonly number[];

/** Indices of the sequences of one row, in order, and how long a beginning they share. */
interface Bin {
  readonly members: number[];
  shared: number;
}

/** A shorter common beginning is not worth a packing that depends on it. */
const shortestShared = 16;

/**
 * Packs sequences into rows, the cheapest of several ways: into rows of each of the lengths, once so that rows are full
 * (first-fit decreasing), once so that neighbours in lexical order share their beginning, as a group's sequences share
 * their prompt. Every row then takes the smallest length that holds it.
 * @param lengths ascending
 * @param costOf of computing one row of a length
 * @throws LitmusError `bug` when a sequence is longer than the longest row
 */
export function packSequences(
  sequences: readonly Tokens[],
  lengths: readonly number[],
  costOf: (length: number) => number,
): PackedRow[] {
  const ways = lengths.flatMap((capacity) => [packFull, packShared].map((pack) => pack(sequences, capacity)));
  const packings = ways.map((bins) => bins.map((bin) => toRow(sequences, lengths, bin)));
  const costs = packings.map((rows) => rows.reduce((sum, row) => sum + costOf(row.length), 0));
  return packings[costs.indexOf(Math.min(...costs))] ?? [];
}

/** Longest first, each into the first row with room. A sequence longer than the capacity has a row of its own. */
function packFull(sequences: readonly Tokens[], capacity: number): Bin[] {
  const order = ordered(sequences, (a, b) => b.length - a.length);
  const bins: Bin[] = [];
  for (const sequence of order) {
    const needed = at(sequences, sequence).length;
    const bin = bins.find((candidate) => sizeOf(sequences, candidate) + needed <= capacity);
    if (bin === undefined) bins.push({ members: [sequence], shared: 0 });
    else bin.members.push(sequence);
  }
  return bins;
}

/** In lexical order, each into the latest row if there is room when all of that row share what they have in common. */
function packShared(sequences: readonly Tokens[], capacity: number): Bin[] {
  const bins: Bin[] = [];
  for (const sequence of ordered(sequences, compareTokens)) {
    const latest = bins.at(-1);
    const grown = latest === undefined ? null : withMember(sequences, latest, sequence);
    if (grown === null || sizeOf(sequences, grown) > capacity) bins.push({ members: [sequence], shared: 0 });
    else bins[bins.length - 1] = grown;
  }
  return bins;
}

function withMember(sequences: readonly Tokens[], bin: Bin, sequence: number): Bin {
  const first = at(sequences, bin.members[0] as number);
  const limit = bin.members.length === 1 ? first.length : bin.shared;
  const shared = commonLength(first, at(sequences, sequence), limit);
  return { members: [...bin.members, sequence], shared: shared < shortestShared ? 0 : shared };
}

function sizeOf(sequences: readonly Tokens[], bin: Bin): number {
  return bin.members.reduce((size, member) => size + at(sequences, member).length - bin.shared, bin.shared);
}

function toRow(sequences: readonly Tokens[], lengths: readonly number[], bin: Bin): PackedRow {
  const used = sizeOf(sequences, bin);
  const length = lengths.find((candidate) => candidate >= used);
  if (length === undefined) throw new LitmusError("bug", `${used} tokens fit no row of ${lengths.join(", ")}`);
  let start = bin.shared;
  const segments = bin.members.map((sequence) => {
    const segment = { sequence, start, tokens: at(sequences, sequence).slice(bin.shared) };
    start += segment.tokens.length;
    return segment;
  });
  return { length, prefix: at(sequences, bin.members[0] as number).slice(0, bin.shared), segments };
}

/** Indices in the order of what they name; equals stay in place. */
function ordered(sequences: readonly Tokens[], compare: (a: Tokens, b: Tokens) => number): number[] {
  return sequences.map((_, index) => index).sort((a, b) => compare(at(sequences, a), at(sequences, b)) || a - b);
}

function compareTokens(a: Tokens, b: Tokens): number {
  const shared = commonLength(a, b, a.length);
  return (a[shared] ?? -1) - (b[shared] ?? -1);
}

function commonLength(a: Tokens, b: Tokens, limit: number): number {
  const end = Math.min(limit, a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length++;
  return length;
}

function at(sequences: readonly Tokens[], index: number): Tokens {
  return sequences[index] as Tokens;
}
