/** @file Several sequences in one row of tokens; none sees another. */

/** Part of a row that holds one sequence. */
export interface Segment {
  /** Index of the sequence within what was packed. */
  readonly sequence: number;
  /** First index within the row. */
  readonly start: number;
  readonly tokens: readonly number[];
}

/** A row of `length` tokens; what no segment covers is padding. */
export interface PackedRow {
  readonly length: number;
  readonly segments: readonly Segment[];
}

/** Token ids of a row; padding is 0. */
export function rowTokens(row: PackedRow): Int32Array {
  const tokens = new Int32Array(row.length);
  for (const segment of row.segments) tokens.set(segment.tokens, segment.start);
  return tokens;
}

/** Positions restart with each segment; padding is at 0. */
export function rowPositions(row: PackedRow): Int32Array {
  const positions = new Int32Array(row.length);
  for (const segment of row.segments) {
    for (let i = 0; i < segment.tokens.length; i++) positions[segment.start + i] = i;
  }
  return positions;
}

/** Large enough that exp(mask − max) is 0, small enough that no sum overflows. */
const masked = -1e30;

/**
 * [T, T], 0 where the row's token sees the column's: earlier tokens of its own segment, at most `window` of them with itself.
 * Padding sees itself only, so that its softmax is finite.
 */
export function rowMask(row: PackedRow, window: number): Float32Array {
  const { length } = row;
  const mask = new Float32Array(length * length).fill(masked);
  for (let token = 0; token < length; token++) mask[token * length + token] = 0;
  for (const segment of row.segments) {
    for (let i = 0; i < segment.tokens.length; i++) {
      const line = (segment.start + i) * length;
      const first = segment.start + Math.max(0, i - window + 1);
      mask.fill(0, line + first, line + segment.start + i + 1);
    }
  }
  return mask;
}
