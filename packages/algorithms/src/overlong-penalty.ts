/** Where the penalty starts and where it is whole, in policy tokens. */
export interface OverlongRule {
  /** L_max: longer trajectories have a penalty of −1. */
  readonly maxTokens: number;
  /** L_cache: the penalty grows linearly over so many tokens before L_max. */
  readonly margin: number;
}

/** DAPO's soft overlong penalty, in [−1, 0], added to the return (arXiv:2503.14476, equation 13). */
export function overlongPenalty({ maxTokens, margin }: OverlongRule, tokens: number): number {
  const start = maxTokens - margin;
  if (tokens <= start) return 0;
  return tokens <= maxTokens ? (start - tokens) / margin : -1;
}
