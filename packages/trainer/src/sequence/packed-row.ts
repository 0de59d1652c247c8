/** @file Several sequences in one row of tokens, as a forest: what sequences begin with in common is there once. */

/** Consecutive tokens that continue a parent's, or begin a sequence. Parents come before their children, in the list and in the row. */
export interface Branch {
  readonly parent: Branch | null;
  /** First index within the row. */
  readonly start: number;
  /** Position of the first token within the sequences. */
  readonly depth: number;
  readonly tokens: readonly number[];
}

/** A row of `length` tokens; what the branches leave is padding. */
export interface PackedRow {
  readonly length: number;
  readonly branches: readonly Branch[];
  readonly sequences: readonly PlacedSequence[];
}

export interface PlacedSequence {
  /** Index of the sequence within what was packed. */
  readonly sequence: number;
  /** The branch that holds its last token. */
  readonly last: Branch;
}

/** Where the token at a position of a sequence lies within its row. */
export function indexInRow({ last }: PlacedSequence, position: number): number {
  let branch = last;
  while (position < branch.depth && branch.parent !== null) branch = branch.parent;
  return branch.start + position - branch.depth;
}

/** Token ids of a row; padding is 0. */
export function rowTokens(row: PackedRow): Int32Array {
  const tokens = new Int32Array(row.length);
  for (const branch of row.branches) tokens.set(branch.tokens, branch.start);
  return tokens;
}

/** Positions within the sequences; padding is at 0. */
export function rowPositions(row: PackedRow): Int32Array {
  const positions = new Int32Array(row.length);
  for (const { start, depth, tokens } of row.branches) {
    for (let i = 0; i < tokens.length; i++) positions[start + i] = depth + i;
  }
  return positions;
}

/** Large enough that exp(mask − max) is 0, small enough that no sum overflows. */
const masked = -1e30;

/**
 * [T, T], 0 where the row's token sees the column's: earlier ones of its own sequence, at most `window` of them with itself.
 * Padding sees itself only, so that its softmax is finite.
 */
export function rowMask(row: PackedRow, window: number): Float32Array {
  const { length } = row;
  const mask = new Float32Array(length * length).fill(masked);
  for (let token = 0; token < length; token++) mask[token * length + token] = 0;
  for (const own of row.branches) {
    for (let i = 0; i < own.tokens.length; i++) {
      const token = own.start + i;
      const first = Math.max(0, own.depth + i - window + 1);
      for (let branch: Branch | null = own; branch !== null; branch = branch.parent) {
        const end = branch === own ? i : branch.tokens.length;
        const hidden = Math.max(0, first - branch.depth);
        if (hidden < end) mask.fill(0, token * length + branch.start + hidden, token * length + branch.start + end);
      }
    }
  }
  return mask;
}
