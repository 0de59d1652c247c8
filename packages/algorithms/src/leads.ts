import { isLead } from "./paired-difference.ts";

/**
 * Tells of many pairs of policies whether one leads, remembering what was asked: of n questions and so many wins, the losses
 * that a lead bears.
 */
export interface LeadTable {
  /** Whether the paired difference of so many wins and losses among n questions has its whole interval above 0. */
  isLead(n: number, wins: number, losses: number): boolean;
}

export function createLeadTable(): LeadTable {
  const borne = new Map<number, Int32Array>();
  const rowOf = (n: number): Int32Array => {
    const known = borne.get(n);
    if (known !== undefined) return known;
    const row = new Int32Array(n + 1).fill(unknown);
    borne.set(n, row);
    return row;
  };
  return {
    isLead: (n, wins, losses) => {
      if (wins <= losses) return false;
      const row = rowOf(n);
      let most = row[wins] ?? unknown;
      if (most === unknown) row[wins] = most = mostLosses(n, wins);
      return losses <= most;
    },
  };
}

const unknown = -2;

/** The most losses with which so many wins are a lead; −1 where they never are. A loss more never helps, so that halving finds it. */
function mostLosses(n: number, wins: number): number {
  let low = -1;
  let high = Math.min(wins - 1, n - wins);
  while (low < high) {
    const losses = Math.ceil((low + high) / 2);
    if (isLead({ wins, losses, ties: n - wins - losses })) low = losses;
    else high = losses - 1;
  }
  return low;
}
