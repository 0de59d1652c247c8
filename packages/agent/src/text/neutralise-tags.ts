import { tagNames } from "../action/tags.ts";

/** Characters that open or close a tag, or look as if they did. */
const openers = "<＜﹤‹〈〈⟨«";
const closers = ">＞﹥›〉〉⟩»";
// ≮ decomposes to an opener and a stroke.
const anyOpener = new RegExp(`[${openers}≮]`);
const names = tagNames.join("|");
const tag = new RegExp(`<(?:${names})>?`, "g");

/** What a reader who overlooks spaces, slashes, case and width would see, with the place each letter came from. */
interface Skeleton {
  readonly text: string;
  readonly origins: readonly number[];
}

/**
 * The same text, of the same length, unable to speak in the agent's tags: an angle bracket that makes one of them,
 * in any case, width or spacing, becomes a square bracket. Nothing is removed, so no tag can form from the rest.
 */
export function neutraliseTags(text: string): string {
  if (!anyOpener.test(text)) return text;
  const skeleton = skeletonOf(text);
  const letters = text.split("");
  for (const match of skeleton.text.matchAll(tag)) {
    letters[skeleton.origins[match.index] ?? 0] = "[";
    const last = match.index + match[0].length - 1;
    if (skeleton.text[last] === ">") letters[skeleton.origins[last] ?? 0] = "]";
  }
  return letters.join("");
}

function skeletonOf(text: string): Skeleton {
  let skeleton = "";
  const origins: number[] = [];
  for (let i = 0; i < text.length;) {
    const symbol = String.fromCodePoint(text.codePointAt(i) ?? 0);
    const seen = seenAs(symbol);
    skeleton += seen;
    for (let k = 0; k < seen.length; k++) origins.push(i);
    i += symbol.length;
  }
  return { text: skeleton, origins };
}

/** A letter as seen: brackets unified, folded to lower-case ASCII where there is one, nothing for what is overlooked. */
function seenAs(symbol: string): string {
  if (openers.includes(symbol)) return "<";
  if (closers.includes(symbol)) return ">";
  const code = symbol.charCodeAt(0);
  if (code < 0x80) return /[a-z0-9]/i.test(symbol) ? symbol.toLowerCase() : /[\s/\\_-]/.test(symbol) ? "" : symbol;
  if (/[\s\p{M}\p{C}]/u.test(symbol)) return "";
  return symbol
    .normalize("NFKD")
    .replace(/[\p{M}\s/]/gu, "")
    .toLowerCase();
}
