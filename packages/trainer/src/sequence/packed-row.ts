/** @file Several sequences in one row of tokens. They may share their beginning, which is then there once; else none sees another. */

/** Part of a row that holds one sequence, but for what it shares. */
export interface Segment {
  /** Index of the sequence within what was packed. */
  readonly sequence: number;
  /** First index within the row. */
  readonly start: number;
  /** What follows the row's prefix. */
  readonly tokens: readonly number[];
}

/** A row of `length` tokens: the prefix, then the segments; what is left is padding. */
export interface PackedRow {
  readonly length: number;
  /** The beginning of every sequence of the row. */
  readonly prefix: readonly number[];
  readonly segments: readonly Segment[];
}

/** Where the token at a position of a segment's sequence lies within the row. */
export function indexInRow(row: PackedRow, segment: Segment, position: number): number {
  const shared = row.prefix.length;
  return position < shared ? position : segment.start + position - shared;
}

/** Token ids of a row; padding is 0. */
export function rowTokens(row: PackedRow): Int32Array {
  const tokens = new Int32Array(row.length);
  tokens.set(row.prefix);
  for (const segment of row.segments) tokens.set(segment.tokens, segment.start);
  return tokens;
}

/** Positions within the sequences: each segment goes on where the prefix ends. Padding is at 0. */
export function rowPositions(row: PackedRow): Int32Array {
  const positions = new Int32Array(row.length);
  const shared = row.prefix.length;
  for (let i = 0; i < shared; i++) positions[i] = i;
  for (const segment of row.segments) {
    for (let i = 0; i < segment.tokens.length; i++) positions[segment.start + i] = shared + i;
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
  const shared = row.prefix.length;
  const mask = new Float32Array(length * length).fill(masked);
  const show = (token: number, first: number, end: number): void => {
    if (first < end) mask.fill(0, token * length + first, token * length + end);
  };
  for (let token = 0; token < length; token++) show(token, token, token + 1);
  for (let token = 0; token < shared; token++) show(token, Math.max(0, token - window + 1), token);
  for (const segment of row.segments) {
    for (let i = 0; i < segment.tokens.length; i++) {
      const token = segment.start + i;
      show(token, Math.max(0, shared + i - window + 1), shared);
      show(token, Math.max(segment.start, token - window + 1), token);
    }
  }
  return mask;
}
