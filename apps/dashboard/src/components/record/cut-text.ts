/** The first characters of a text, in UTF-16 units; one fewer rather than half of a pair. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? length - 1 : length);
}

/** The first characters of a text, which say that there are more. */
export function shortened(text: string, length: number): string {
  const shown = cutText(text, length);
  return shown.length < text.length ? `${shown}…` : shown;
}
