/** @file Rules that unify how a word is spelt. Each is sound for biomedical names: README.md gives the reason. */
import { greekNames } from "./character-rules.ts";
import type { NormalizationRule } from "./normalization-rule.ts";

const wrappers: readonly RegExp[] = [
  /^"([^"]+)"$/u,
  /^'([^']+)'$/u,
  /^(?:\*{1,3})([^*]+)(?:\*{1,3})$/u,
  /^_([^_]+)_$/u,
  /^\(([^()]+)\)$/u,
  /^\[([^[\]]+)\]$/u,
];

/** Quotation marks, emphasis or brackets around the whole answer. */
function unwrap(text: string): string {
  const trimmed = text.trim();
  for (const wrapper of wrappers) {
    const inner = wrapper.exec(trimmed)?.[1];
    if (inner !== undefined) return inner.trim();
  }
  return trimmed.replace(/"([^"]*)"/gu, "$1");
}

/** The full stop of a sentence, an abbreviation or an initial; those of 2.5, c.19G and .5 stay. */
function dropPunctuation(text: string): string {
  return text
    .trim()
    .replace(/^[,;:!?\s]+|[.,;:!?\s]+$/gu, "")
    .replace(/(?<=\p{L})\.(?!\d)/gu, "");
}

/** Eponyms are written with and without the possessive; the prime of 5' and of alpha' stays. */
function dropApostrophes(text: string): string {
  return text
    .replace(/(?<=\p{L}{3})'s(?![\p{L}\d])/gu, "")
    .replace(/(?<=\p{L}{2}s)'(?![\p{L}\d'])/gu, "")
    .replace(/(?<=\p{L})'(?=\p{L})/gu, "");
}

/** "5,000" is one number, "1,25-dihydroxy" is not; ".5" is 0.5. */
function unifyNumbers(text: string): string {
  return text
    .replace(/(?<![\d,.])[1-9]\d{0,2}(?:,\d{3})+(?![\d,]|-)/gu, (number) => number.replaceAll(",", ""))
    .replace(/(?<=^|[\s(<>=~±+-])\.(?=\d)/gu, "0.")
    .replace(/(?<=\d)\s*(?:percent|per cent)(?!\p{L})/gu, "%");
}

/** British to American, by stems that occur in no other word. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/(?<=\p{L})aemi(?=a|c)/gu, "emi"],
  [/haem(?=[aio])/gu, "hem"],
  [/haemorrh/gu, "hemorrh"],
  [/oestr/gu, "estr"],
  [/oedem/gu, "edem"],
  [/oesophag/gu, "esophag"],
  [/paed(?=iatr)/gu, "ped"],
  [/gynaec/gu, "gynec"],
  [/anaesth/gu, "anesth"],
  [/aetiolog/gu, "etiolog"],
  [/foet(?=us|al)/gu, "fet"],
  [/rrhoe(?=a|i)/gu, "rrhe"],
  [/pnoe(?=a|i)/gu, "pne"],
  [/coeliac/gu, "celiac"],
  [/caec(?=um|al)/gu, "cec"],
  [/faec(?=es|al)/gu, "fec"],
  [/leuco(?=cyt|pen)/gu, "leuko"],
  [/tumour/gu, "tumor"],
  [/colour/gu, "color"],
  [/behaviour/gu, "behavior"],
  [/sulph(?=[aiou])/gu, "sulf"],
  [/(?<=\p{L}{3})isation/gu, "ization"],
  [/fibre(?=s?(?!\p{L}))/gu, "fiber"],
  [/centre(?=s?(?!\p{L}))/gu, "center"],
  [/signalling/gu, "signaling"],
  [/labelling/gu, "labeling"],
  [/modelling/gu, "modeling"],
];

function americanSpelling(text: string): string {
  return spellings.reduce((current, [british, american]) => current.replace(british, american), text);
}

const greek = new Set(Object.values(greekNames));

/** Only at the start, and only where what follows can carry an article: "A beta", "a 1c", "A. niger" and "A" keep theirs. */
function dropArticle(text: string): string {
  const match = /^(the|an|a)\s+(?=([^\s]+))/u.exec(text);
  if (match === null) return text;
  const [article, word, next = ""] = match;
  const lead = /^\p{L}*/u.exec(next)?.[0] ?? "";
  const carries = word === "the" || (lead.length >= 3 && !greek.has(lead));
  return carries ? text.slice(article.length) : text;
}

/** Whether the letters and digits of a short form occur in order in the long form; both begin alike, and end alike in "kinase C". */
function abbreviates(short: string, long: string): boolean {
  const last = /(?:^|[\s-])([\p{L}\d]{1,2})$/u.exec(long)?.[1] ?? "";
  if (short[0] !== long[0] || !short.endsWith(last)) return false;
  let from = 0;
  for (const char of short.replace(/[^\p{L}\d]/gu, "")) {
    const found = long.indexOf(char, from);
    if (found < 0) return false;
    from = found + 1;
  }
  return true;
}

/** "haemolytic uraemic syndrome (HUS)" names one thing twice; a bracket that is no abbreviation of it stays. */
function dropAbbreviation(text: string): string {
  const match = /^(.{4,}?)\s+[([]([\p{L}\d-]{2,10})[)\]]$/u.exec(text);
  const [, long = "", short = ""] = match ?? [];
  return match !== null && /\p{L}/u.test(short) && short.length < long.length && abbreviates(short, long) ? long : text;
}

/** Rules over whole words, after the characters are unified. */
export const wordRules: readonly NormalizationRule[] = [
  { name: "wrapping", apply: unwrap },
  { name: "leading-article", apply: dropArticle },
  { name: "sentence-punctuation", apply: dropPunctuation },
  { name: "possessives", apply: dropApostrophes },
  { name: "numbers", apply: unifyNumbers },
  { name: "ampersand", apply: (text) => text.replace(/\s*&\s*/gu, " and ") },
  { name: "american-spelling", apply: americanSpelling },
  { name: "redundant-abbreviation", apply: dropAbbreviation },
];
