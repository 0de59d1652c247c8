/** @file Rules that unify how one character is written. They never look at words. */
import type { NormalizationRule } from "./normalization-rule.ts";

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
const superscriptRun = new RegExp(`[${superscripts}]+`, "gu");
const plainScript = "0123456789+-";

/** 10⁻⁹ must not become 10-9, nor 10² become 102: an exponent keeps a caret, a charge (Ca²⁺) does not. */
function expandSuperscript(run: string, offset: number, text: string): string {
  const plain = Array.from(run, (char) => plainScript[superscripts.indexOf(char)] ?? char).join("");
  const afterDigit = /\d/u.test(text[offset - 1] ?? "");
  return afterDigit || /^-\d/u.test(plain) ? `^${plain}` : plain;
}

/** Half-width, ligatures and the like; a fraction or a circled digit never merges with the digit before it. */
function compatibilityForm(text: string): string {
  const expanded = text
    .normalize("NFC")
    .replace(/[™®©℠]/gu, "")
    .replace(superscriptRun, expandSuperscript);
  const spaced = expanded.replace(/(?<=\d)[^\p{ASCII}]/gu, (char) =>
    /^\d/u.test(char.normalize("NFKC")) ? ` ${char}` : char,
  );
  return spaced.normalize("NFKC").replaceAll("⁄", "/").replaceAll("≥", ">=").replaceAll("≤", "<=");
}

const wholeLetters: Readonly<Record<string, string>> = { ø: "o", ł: "l", đ: "d", ß: "ss", æ: "ae", œ: "oe" };

/** Marks over Latin letters go; ångström after a number stays, as 5 Å is not 5 A. */
function plainLetters(text: string): string {
  const kept = text.replace(/(?<=\d\s*)å/gu, "\uE000");
  const stripped = kept
    .normalize("NFD")
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .normalize("NFC");
  return stripped.replace(/[øłđßæœ]/gu, (char) => wholeLetters[char] ?? char).replaceAll("\uE000", "å");
}

/** Names of the Greek letters, lower case. */
export const greekNames: Readonly<Record<string, string>> = {
  α: "alpha",
  β: "beta",
  γ: "gamma",
  δ: "delta",
  ε: "epsilon",
  ζ: "zeta",
  η: "eta",
  θ: "theta",
  ι: "iota",
  κ: "kappa",
  λ: "lambda",
  μ: "mu",
  ν: "nu",
  ξ: "xi",
  ο: "omicron",
  π: "pi",
  ρ: "rho",
  σ: "sigma",
  ς: "sigma",
  τ: "tau",
  υ: "upsilon",
  φ: "phi",
  χ: "chi",
  ψ: "psi",
  ω: "omega",
};

function spellGreek(text: string): string {
  const base = text
    .normalize("NFD")
    .replace(/(?<=\p{Script=Greek})\p{M}+/gu, "")
    .normalize("NFC");
  return base.replace(/[α-ω]/gu, (char) => greekNames[char] ?? char);
}

/** One spelling for each character; every rule after the first expects the ones before it. */
export const characterRules: readonly NormalizationRule[] = [
  { name: "compatibility-form", apply: compatibilityForm },
  {
    name: "invisible-characters",
    apply: (text) => text.replace(/[\p{Cf}\p{Variation_Selector}]|(?!\s)\p{Cc}/gu, ""),
  },
  { name: "dashes", apply: (text) => text.replace(/[\p{Pd}\u2212\u2043]+/gu, "-") },
  {
    name: "primes-and-quotes",
    apply: (text) =>
      text
        .replace(/[″‴]/gu, (c) => (c === "″" ? "''" : "'''"))
        .replace(/[′‵’‘ʹʼʻ´`]/gu, "'")
        .replace(/[“”„«»]/gu, '"'),
  },
  { name: "case", apply: (text) => text.toLowerCase() },
  { name: "greek-letters", apply: spellGreek },
  { name: "diacritics", apply: plainLetters },
];
