import { LitmusError } from "@litmus/core";
import type { Branch, PackedRow, PlacedSequence } from "./packed-row.ts";

type Tokens = readonly number[];

/** Sequences that stay together, in lexical order, and how many tokens they have when what they share counts once. */
interface Cluster {
  readonly members: number[];
  size: number;
}

/** A shorter common beginning is not worth a packing that depends on it. */
const shortestShared = 16;

/**
 * Packs sequences into rows, the cheapest of several ways: into rows of each of the lengths, once so that sequences with a
 * common beginning, as a group has its prompt and often its first search, stay together and hold it once, and once without
 * regard to that. Rows are filled first-fit decreasing; every row then takes the smallest length that holds it.
 * @param lengths ascending
 * @param costOf of computing one row of a length
 * @throws LitmusError `bug` when a sequence is longer than the longest row
 */
export function packSequences(
  sequences: readonly Tokens[],
  lengths: readonly number[],
  costOf: (length: number) => number,
): PackedRow[] {
  const order = sequences
    .map((_, index) => index)
    .sort((a, b) => compareTokens(at(sequences, a), at(sequences, b)) || a - b);
  const ways = lengths.flatMap((capacity) =>
    [shortestShared, Infinity].map((shortest) =>
      fillRows(clusters(sequences, order, { capacity, shortest }), capacity),
    ),
  );
  const packings = ways.map((bins) => bins.map((bin) => toRow(sequences, lengths, bin)));
  const costs = packings.map((rows) => rows.reduce((sum, row) => sum + costOf(row.length), 0));
  return packings[costs.indexOf(Math.min(...costs))] ?? [];
}

/** Neighbours in lexical order that share at least `shortest` tokens, as many as the capacity holds. */
function clusters(
  sequences: readonly Tokens[],
  order: readonly number[],
  { capacity, shortest }: { capacity: number; shortest: number },
): Cluster[] {
  const found: Cluster[] = [];
  for (const sequence of order) {
    const tokens = at(sequences, sequence);
    const latest = found.at(-1);
    const shared = latest === undefined ? 0 : commonLength(at(sequences, latest.members.at(-1) as number), tokens);
    if (latest !== undefined && shared >= shortest && latest.size + tokens.length - shared <= capacity) {
      latest.members.push(sequence);
      latest.size += tokens.length - shared;
    } else found.push({ members: [sequence], size: tokens.length });
  }
  return found;
}

/** Largest first, each into the first row with room. A sequence longer than the capacity has a row of its own. */
function fillRows(all: readonly Cluster[], capacity: number): Cluster[][] {
  const rows: { clusters: Cluster[]; size: number }[] = [];
  for (const cluster of all.toSorted((a, b) => b.size - a.size)) {
    const row = rows.find((candidate) => candidate.size + cluster.size <= capacity);
    if (row === undefined) rows.push({ clusters: [cluster], size: cluster.size });
    else {
      row.clusters.push(cluster);
      row.size += cluster.size;
    }
  }
  return rows.map((row) => row.clusters);
}

function toRow(sequences: readonly Tokens[], lengths: readonly number[], bin: readonly Cluster[]): PackedRow {
  const used = bin.reduce((sum, cluster) => sum + cluster.size, 0);
  const length = lengths.find((candidate) => candidate >= used);
  if (length === undefined) throw new LitmusError("bug", `${used} tokens fit no row of ${lengths.join(", ")}`);
  const branches: Branch[] = [];
  const placed: PlacedSequence[] = [];
  for (const cluster of bin) grow(sequences, cluster.members, { parent: null, branches, placed });
  return { length, branches, sequences: placed };
}

/** Adds a branch with what all members have in common after the parent, then the branches that part from it. Members are in lexical order. */
function grow(
  sequences: readonly Tokens[],
  members: readonly number[],
  row: { parent: Branch | null; branches: Branch[]; placed: PlacedSequence[] },
): void {
  const { parent, branches, placed } = row;
  const depth = endDepth(parent);
  const [first, last] = [at(sequences, members[0] as number), at(sequences, members.at(-1) as number)];
  const previous = branches.at(-1);
  const start = previous === undefined ? 0 : previous.start + previous.tokens.length;
  const branch: Branch = { parent, start, depth, tokens: first.slice(depth, commonLength(first, last)) };
  branches.push(branch);
  const end = endDepth(branch);
  for (const sequence of members) if (at(sequences, sequence).length === end) placed.push({ sequence, last: branch });
  const longer = members.filter((sequence) => at(sequences, sequence).length > end);
  const parts = Map.groupBy(longer, (sequence) => at(sequences, sequence)[end] as number);
  for (const part of parts.values()) grow(sequences, part, { ...row, parent: branch });
}

function endDepth(branch: Branch | null): number {
  return branch === null ? 0 : branch.depth + branch.tokens.length;
}

function compareTokens(a: Tokens, b: Tokens): number {
  const shared = commonLength(a, b);
  return (a[shared] ?? -1) - (b[shared] ?? -1);
}

function commonLength(a: Tokens, b: Tokens): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a[length] === b[length]) length++;
  return length;
}

function at(sequences: readonly Tokens[], index: number): Tokens {
  return sequences[index] as Tokens;
}
