const visible = /[\p{Letter}\p{Number}\p{Punctuation}\p{Symbol}]/u;

/** A text, or what stands for it where it shows nothing: what names a link must be seen. */
export const visibleText = (text: string, instead: string): string => (visible.test(text) ? text : instead);
