/** Signs for blanks that stand alone, as editors draw them. */
const signs: Readonly<Record<string, string>> = { " ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍" };

/** Blanks, controls, format characters, marks of direction, lone surrogates: what leaves no mark on the screen, or moves others. */
const unseen = /^[\s\p{C}]*$/u;

/**
 * What is drawn beside a token that would not be seen: one sign a character. Null of a token that is seen.
 * The token's own text stays in the document, so that a copy has it as it was.
 */
export function visibleForm(text: string): string | null {
  if (text === "") return "∅";
  if (!unseen.test(text)) return null;
  return Array.from(text, (character) => signs[character] ?? nameOf(character)).join("");
}

const nameOf = (character: string): string =>
  `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;
