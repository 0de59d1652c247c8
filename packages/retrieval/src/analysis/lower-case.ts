/** Lower-cases each code point by itself, as Java does: no final sigma, and İ becomes a plain i. */
export function lowerCaseByCodePoint(text: string): string {
  const lower = text.toLowerCase();
  // Only these two have a lower case that depends on their neighbours or is longer than one code point.
  if (!text.includes("Σ") && !text.includes("İ")) return lower;
  return text.replaceAll("Σ", "σ").replaceAll("İ", "i").toLowerCase();
}
