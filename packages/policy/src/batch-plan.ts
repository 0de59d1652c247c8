import type { EvaluationRow } from "./sequence-engine.ts";
import type { Work } from "./work.ts";

/** Rows of one tick with the works that they belong to. */
export interface PlannedRow {
  readonly work: Work;
  readonly row: EvaluationRow;
}

/**
 * Takes one token of every decoding work, then fills the rest of the batch with the others in order:
 * a long prefill is spread over ticks and never keeps the decoding ones waiting for more than one batch.
 */
export function planRows(works: readonly Work[], batchTokens: number): PlannedRow[] {
  const waiting = works.filter((work) => work.pending > 0);
  const ordered = [...waiting.filter((work) => work.pending === 1), ...waiting.filter((work) => work.pending > 1)];
  const planned: PlannedRow[] = [];
  let budget = batchTokens;
  for (const work of ordered) {
    if (budget === 0) break;
    const row = work.next(budget);
    budget -= row.tokens.length;
    planned.push({ work, row });
  }
  return planned.sort((a, b) => a.row.sequence - b.row.sequence);
}

/** An extra row without an output costs less than another pass over the weights, up to about this many. */
const maxFilledGap = 3;

/**
 * Sequences to evaluate for nothing: llama.cpp batches only sequences whose ids follow each other, and reads all
 * weights once for every such run.
 * @param used ids in the batch, ascending
 * @param canFill whether a sequence can take a token that is forgotten afterwards
 */
export function gapsToFill(used: readonly number[], canFill: (sequence: number) => boolean): number[] {
  return used.flatMap((sequence, i) => {
    const next = used[i + 1] ?? sequence + 1;
    const gap = Array.from({ length: next - sequence - 1 }, (_, k) => sequence + 1 + k);
    return gap.length <= maxFilledGap && gap.every(canFill) ? gap : [];
  });
}
