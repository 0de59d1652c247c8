/** Comparable form: NFC, lower-case, single spaces. */
export function comparable(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll(/\s+/gu, " ").trim();
}

/** Whether a phrase occurs in a text as whole words, case and white space aside. An empty phrase never does. */
export function containsWholeWords(text: string, phrase: string): boolean {
  const needle = comparable(phrase);
  if (needle === "") return false;
  const literal = needle.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${literal}(?![\\p{L}\\p{M}\\p{N}])`, "u").test(comparable(text));
}

/** Runs of letters, marks and digits, lower-case: the words that question similarity is counted over. */
export function words(text: string): string[] {
  return comparable(text).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}
