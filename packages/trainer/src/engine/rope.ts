/** @file Rotary position embedding in the NeoX pairing (i, i + width / 2), as ggml applies it to Gemma. */

/**
 * Cosines and sines, each [T, headWidth], of the given positions. Of the sines the first half is negated:
 * x rotated is x · cosine + swapped(x) · sine, where `swapped` exchanges the halves.
 */
export function ropeTables(
  positions: ArrayLike<number>,
  base: number,
  headWidth: number,
): { cosine: Float32Array; sine: Float32Array } {
  const half = headWidth / 2;
  const cosine = new Float32Array(positions.length * headWidth);
  const sine = new Float32Array(positions.length * headWidth);
  for (let token = 0; token < positions.length; token++) {
    for (let pair = 0; pair < half; pair++) {
      const angle = (positions[token] as number) * base ** (-pair / half);
      const first = token * headWidth + pair;
      cosine[first] = cosine[first + half] = Math.cos(angle);
      sine[first + half] = Math.sin(angle);
      sine[first] = -Math.sin(angle);
    }
  }
  return { cosine, sine };
}
