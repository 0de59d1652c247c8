/**
 * @file Text and JSON that Postgres can hold without loss. Postgres refuses NUL, UTF-8 has no form for a lone surrogate, and JSON
 * has no NaN, infinity or negative zero. Each such code unit becomes U+001A (SUBSTITUTE) and its four hexadecimal digits,
 * U+001A itself included, so that decoding is exact; each such number becomes U+001A and its name, which no text can become.
 */
const mark = "\u001A";
// oxlint-disable-next-line no-control-regex -- these are the very characters to replace
const unstorable = /[\u0000\u001A]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
// oxlint-disable-next-line no-control-regex -- the mark is a control character so that ordinary text never holds it
const marked = /\u001A([0-9a-f]{4})/g;
const numberNames = new Map<string, number>([
  [`${mark}NaN`, NaN],
  [`${mark}Infinity`, Infinity],
  [`${mark}-Infinity`, -Infinity],
  [`${mark}-0`, -0],
]);

/** The storable form of a text: itself, unless it holds NUL, U+001A or a lone surrogate. */
export function encodeText(text: string): string {
  return text.replace(unstorable, (unit) => mark + unit.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** The inverse of {@link encodeText}. */
export function decodeText(stored: string): string {
  if (!stored.includes(mark)) return stored;
  return stored.replace(marked, (_whole, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Texts as one value of Postgres' type `text[]`. */
export function encodeTexts(texts: readonly string[]): string {
  const quoted = texts.map((text) => `"${encodeText(text).replace(/["\\]/g, "\\$&")}"`);
  return `{${quoted.join(",")}}`;
}

/** A double as Postgres and JavaScript both read it: `-0`, `NaN` and `Infinity` included. */
export function encodeNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** JSON text of a plain value, storable in jsonb. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(storable(value));
}

function storable(value: unknown): unknown {
  if (typeof value === "string") return encodeText(value);
  if (typeof value === "number")
    return Number.isFinite(value) && !Object.is(value, -0) ? value : mark + encodeNumber(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [encodeText(key), storable(member)]));
}

/** The value of {@link encodeJson}'s text, once parsed: the very same object where nothing in it is marked, as is nearly always so. */
export function decodeJson(stored: unknown): unknown {
  return isMarked(stored) ? decoded(stored) : stored;
}

function isMarked(value: unknown): boolean {
  if (typeof value === "string") return value.includes(mark);
  if (Array.isArray(value)) return value.some(isMarked);
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).some(([key, member]) => key.includes(mark) || isMarked(member));
}

function decoded(stored: unknown): unknown {
  if (typeof stored === "string") return numberNames.get(stored) ?? decodeText(stored);
  if (Array.isArray(stored)) return stored.map(decoded);
  if (stored === null || typeof stored !== "object") return stored;
  return Object.fromEntries(Object.entries(stored).map(([key, member]) => [decodeText(key), decoded(member)]));
}
