/** Longest text taken from one field of a record, in UTF-16 units. */
export const maxFieldLength = 20_000;

// Cc: controls; Cf: zero-width, direction and tag characters.
const unwanted = /[\p{Cc}\p{Cf}]/gu;
const spaces = /[\s\u0085]+/g;

/** One line of text from outside: NFC, no lone surrogates, no control or invisible characters, single spaces. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(spaces, " ").replace(unwanted, "").normalize("NFC").replace(spaces, " ").trim();
}

/** A cleaned field, of which no more than the first {@link maxFieldLength} units are taken. */
export function cleanField(text: string): { readonly text: string; readonly cut: boolean } {
  return { text: cleanText(text.slice(0, maxFieldLength)), cut: text.length > maxFieldLength };
}
