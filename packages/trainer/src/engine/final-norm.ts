/** @file The RMS norm before the head, by hand: only a few rows of it are needed. */

export interface FinalNorm {
  /** [width]; already contains Gemma's +1. */
  readonly weight: Float32Array;
  readonly epsilon: number;
}

/** One row, normalised. */
export function normalizeRow(norm: FinalNorm, row: Float32Array): Float32Array {
  const scale = inverseRootMeanSquare(norm, row);
  return row.map((value, i) => value * scale * (norm.weight[i] as number));
}

/** The gradient for the row, from the gradient for the normalised row. */
export function normalizeRowGradient(norm: FinalNorm, row: Float32Array, gradient: Float32Array): Float32Array {
  const scale = inverseRootMeanSquare(norm, row);
  let projection = 0;
  for (let i = 0; i < row.length; i++)
    projection += (gradient[i] as number) * (norm.weight[i] as number) * (row[i] as number);
  const pullback = (projection * scale * scale * scale) / row.length;
  return row.map((value, i) => scale * (norm.weight[i] as number) * (gradient[i] as number) - pullback * value);
}

function inverseRootMeanSquare(norm: FinalNorm, row: Float32Array): number {
  let sum = 0;
  for (const value of row) sum += value * value;
  return 1 / Math.sqrt(sum / row.length + norm.epsilon);
}
