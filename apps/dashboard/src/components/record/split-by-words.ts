/** A piece of a text, and whether it is what was looked for. */
export interface TextPiece {
  readonly text: string;
  readonly isFound: boolean;
}

/**
 * Divides a text at every place where the words stand, whatever their case. The pieces joined are the text.
 * @param words empty: nothing is found
 */
export function splitByWords(text: string, words: string): TextPiece[] {
  if (words === "") return [{ text, isFound: false }];
  const pattern = new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`), "giu");
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), isFound: false });
    pieces.push({ text: match[0], isFound: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isFound: false });
  return pieces;
}

/** Whether a text holds the words, whatever their case: whether {@link splitByWords} finds them. */
export function hasWords(text: string, words: string): boolean {
  return words !== "" && splitByWords(text, words).some(({ isFound }) => isFound);
}
