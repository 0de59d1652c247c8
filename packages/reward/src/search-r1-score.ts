/**
 * @file The scorer that Search-R1 and PaperSearchQA train with, reproduced as released, its faults included:
 * it reads the whole text, retrieved passages and prompt too, deletes every punctuation mark and eats a lone "a".
 * For comparison with published figures only; never a reward here.
 * @see arXiv:2503.09516; arXiv:2601.18207
 */

const answerBlock = /<answer>(.*?)<\/answer>/gsu;
const asciiPunctuation = /[!-/:-@[-`{-~]/g;
const article = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** What Python's str.split() splits at: Unicode white space and the four information separators, not the byte order mark. */
const separators = String.fromCharCode(0x1c, 0x1d, 0x1e, 0x1f, 0x85);
const whiteSpace = new RegExp(`(?:(?!\\uFEFF)[\\s${separators}])+`, "u");

/** Lower case, no ASCII punctuation, whole words a, an and the removed, white space collapsed. */
export function normalizeSearchR1(text: string): string {
  const words = text.toLowerCase().replace(asciiPunctuation, "").replace(article, " ");
  return words
    .split(whiteSpace)
    .filter((word) => word !== "")
    .join(" ");
}

/**
 * 1 when the last of at least two answer blocks equals a golden answer; 0 otherwise.
 * @param text decoded prompt and response: the released prompt holds the first block
 */
export function searchR1Score(text: string, goldenAnswers: readonly string[]): 0 | 1 {
  const blocks = [...text.matchAll(answerBlock)];
  const last = blocks.at(-1)?.[1];
  if (blocks.length < 2 || last === undefined) return 0;
  const prediction = normalizeSearchR1(last);
  return goldenAnswers.some((golden) => normalizeSearchR1(golden) === prediction) ? 1 : 0;
}
