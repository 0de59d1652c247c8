/**
 * Shares a budget among wants, max-min fair: a want below the equal share gets all it wants and leaves its rest to the others.
 * @returns as many shares as wants, each at most its want, integers, together at most the budget
 */
export function fairShares(wants: readonly number[], budget: number): number[] {
  const shares = wants.map(() => 0);
  const order = wants.map((want, index) => ({ want, index })).sort((a, b) => a.want - b.want || a.index - b.index);
  let left = Math.max(0, budget);
  order.forEach(({ want, index }, done) => {
    const share = Math.min(want, Math.floor(left / (order.length - done)));
    shares[index] = share;
    left -= share;
  });
  return shares;
}
