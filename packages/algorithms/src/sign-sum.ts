/** @file The sum of independent signs: the exact distribution behind a bootstrap of binary scores. */

/** Of one draw: −1 with probability `losses`, 1 with `wins`, else 0. */
export interface SignShares {
  readonly wins: number;
  readonly losses: number;
}

/** Characteristic functions below this add nothing to a sum of doubles. */
const negligible = 1e-18;

/**
 * P(S ≤ x) of the sum S of n such draws, within about 1e-12: its characteristic function, inverted over the 2n + 1 values that S
 * can take (the sum over k = −n … x of e^(−iθk) is a Dirichlet kernel).
 * @param n at least 1
 * @param x whole, in [−n, n]
 * @see Y. Hong, Computational Statistics & Data Analysis 59 (2013) 41 (DFT of a characteristic function), here of three values
 */
export function signSumCdf({ wins, losses }: SignShares, n: number, x: number): number {
  const values = 2 * n + 1;
  // Where most draws are 0, the function only falls with j.
  const isFalling = wins + losses <= 0.5;
  let sum = (n + x + 1) / values;
  for (let j = 1; j <= n; j++) {
    const half = (Math.PI * j) / values;
    const real = 1 - wins - losses + (wins + losses) * Math.cos(2 * half);
    const imaginary = (wins - losses) * Math.sin(2 * half);
    const size = Math.hypot(real, imaginary) ** n;
    if (size < negligible) {
      if (isFalling) break;
      continue;
    }
    const angle = n * Math.atan2(imaginary, real) + half * (n - x);
    sum += ((2 / values) * size * Math.cos(angle) * Math.sin(half * (n + x + 1))) / Math.sin(half);
  }
  return Math.min(1, Math.max(0, sum));
}

/** The smallest x with P(S ≤ x) ≥ q. @param q in (0, 1) */
export function signSumQuantile(shares: SignShares, n: number, q: number): number {
  let low = -n;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (signSumCdf(shares, n, middle) >= q) high = middle;
    else low = middle + 1;
  }
  return low;
}
