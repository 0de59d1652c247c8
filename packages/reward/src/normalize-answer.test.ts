import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { biomedicalRules, normalizeAnswer, normalizeWith } from "./index.ts";

const same = (a: string, b: string): boolean => normalizeAnswer(a) === normalizeAnswer(b);

/** Each row of the table in README.md. */
const equal: readonly (readonly [string, string])[] = [
  ["IL-6", "IL6"],
  ["IL-6", "IL 6"],
  ["beta-catenin", "beta catenin"],
  ["β-catenin", "beta-catenin"],
  ["5′ UTR", "5'-UTR"],
  ["TNF–alpha", "TNF-alpha"],
  ["TNF-α", "TNF-alpha"],
  ["TNFα", "TNF alpha"],
  ["p 53", "p53"],
  ["HLA-B27", "HLA-B 27"],
  ["CD 4", "CD4"],
  ["T-4", "T4"],
  ["vitamin B 12", "vitamin B12"],
  ["H1 N1", "H1N1"],
  ["Sjögren syndrome", "Sjogren syndrome"],
  ["Alzheimer's disease", "Alzheimer disease"],
  ["Alzheimer’s disease", "Alzheimer's disease"],
  ["Graves' disease", "Graves disease"],
  ["O'Connor", "OConnor"],
  ["the spleen", "spleen"],
  ["An enzyme", "enzyme"],
  ["A kinase", "kinase"],
  ["leukaemia", "leukemia"],
  ["tumour necrosis factor", "tumor necrosis factor"],
  ["oestrogen", "estrogen"],
  ["ischaemic stroke", "ischemic stroke"],
  ["dyspnoea", "dyspnea"],
  ["polymerisation", "polymerization"],
  ["E. coli", "E coli"],
  ["TP53.", "TP53"],
  ['"TP53"', "TP53"],
  ["**TP53**", "TP53"],
  ["(TP53)", "TP53"],
  ["5,000", "5000"],
  [".5 mg", "0.5 mg"],
  ["95 %", "95%"],
  ["95 percent", "95%"],
  ["2.5mg", "2.5 mg"],
  ["haemolytic uraemic syndrome (HUS)", "hemolytic uremic syndrome"],
  ["R & D", "R and D"],
  ["Humira®", "Humira"],
  ["Ca²⁺", "Ca2+"],
  ["5 − 7 days", "5-7 days"],
  ["ﬁbrin", "fibrin"],
  ["soft\u00ADhyphen", "softhyphen"],
  ["IL\u00A06", "IL-6"],
  ["Aβ", "A beta"],
  ["17β-estradiol", "17-beta estradiol"],
  ["½", "1/2"],
];
const different: readonly (readonly [string, string])[] = [
  ["HLA-A", "HLA"],
  ["hepatitis A", "hepatitis"],
  ["vitamin A", "vitamin"],
  ["protein A", "protein"],
  ["hepatitis A", "hepatitis B"],
  ["2.5 mg", "25 mg"],
  ["-5", "5"],
  ["1 25", "125"],
  ["1-25", "125"],
  ["1,25", "125"],
  ["IL-1 2", "IL-12"],
  ["CD4 5RA", "CD45RA"],
  ["miR-21-5p", "miR-215p"],
  ["2-5A", "25A"],
  ["1e-9", "1e9"],
  ["10⁻⁹", "10-9"],
  ["10²", "102"],
  ["1½", "11/2"],
  ["(-)-catechin", "(+)-catechin"],
  ["(-)-catechin", "catechin"],
  ["CD4+", "CD4"],
  ["CD4- T cells", "CD4 T cells"],
  ["Cl-", "Cl"],
  ["5' UTR", "5 UTR"],
  ["CK2α′", "CK2α"],
  ["3'", "3''"],
  ["95%", "95"],
  ["t(9;22)", "t(922)"],
  ["HLA-B*27:05", "HLA-B*2705"],
  ["lamin A/C", "lamin AC"],
  ["1/38", "138"],
  ["5 Å", "5 A"],
  ["c.19G>A", "c.19GA"],
  ["> 5", "5"],
  ["A. niger", "niger"],
  ["A beta", "beta"],
  ["a 1c", "1c"],
  ["protein kinase C (PKA)", "protein kinase C"],
  ["hepatitis B (HA)", "hepatitis B"],
  ["TNF-a", "TNF-alpha"],
  ["RNA", "DNA"],
  ["TP53", "ΤP53 gene"],
  ["ТР53", "TP53"],
  ["NaV1.7", "NaV17"],
  ["pH -5", "pH 5"],
  ["rosacea", "Rosaceae"],
];

describe("normalizeAnswer", () => {
  it.each(equal)("takes %j and %j for the same", (a, b) => expect(normalizeAnswer(a)).toBe(normalizeAnswer(b)));
  it.each(different)("keeps %j and %j apart", (a, b) => expect(same(a, b)).toBe(false));

  const fragment = fc.constantFrom(
    ..."- ' . , ( ) + / % * \" 5 12 a A the an beta α ′ – − ² ½ é å ö s IL HLA haem aemia & [ ] _ 's e per cent".split(
      " ",
    ),
    " ",
    "\u00AD",
    "\u2044",
  );
  const anyText = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join("")),
  );

  it("is idempotent", () => {
    fc.assert(
      fc.property(anyText, (text) => normalizeAnswer(normalizeAnswer(text)) === normalizeAnswer(text)),
      { numRuns: 5000 },
    );
  });
  it("does not see case, composition or surrounding space", () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        return (
          same(text, ` ${text} `) && same(text, text.normalize("NFD")) && same(text, text.toUpperCase().toLowerCase())
        );
      }),
      { numRuns: 2000 },
    );
  });
  it("never merges two numbers, nor loses or gains a digit of one", () => {
    const integer = fc.integer({ min: 0, max: 999 }).map(String);
    fc.assert(
      fc.property(integer, integer, fc.constantFrom(" ", "-", ".", ",", "/", "  ", " - "), (a, b, gap) => {
        const thousands = gap === "," && b.length === 3 && !a.startsWith("0");
        return same(`${a}${gap}${b}`, `${a}${b}`) === thousands;
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.integer({ min: 1 }), (n) => !same(`-${n}`, `${n}`) && !same(`x ${n}`, `${n}`)));
  });
  it("never loses a letter of two names that differ in one", () => {
    const letter = fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyz"));
    fc.assert(
      fc.property(
        fc.constantFrom("hepatitis", "HLA", "vitamin", "complement factor"),
        letter,
        (name, x) => !same(`${name} ${x}`, name),
      ),
    );
  });
});

describe("normalizeWith", () => {
  it("measures each rule: without it, its own row is lost", () => {
    const rows: Readonly<Record<string, readonly [string, string]>> = {
      "compatibility-form": ["ﬁbrin", "fibrin"],
      "invisible-characters": ["soft\u00ADhyphen", "softhyphen"],
      dashes: ["5–7", "5-7"],
      "primes-and-quotes": ["5′ UTR", "5'-UTR"],
      case: ["TP53", "tp53"],
      "greek-letters": ["TNFα", "TNFalpha"],
      diacritics: ["Sjögren", "Sjogren"],
      wrapping: ['"TP53"', "TP53"],
      "sentence-punctuation": ["TP53.", "TP53"],
      possessives: ["Crohn's", "Crohn"],
      numbers: ["5,000", "5000"],
      ampersand: ["R&D", "R and D"],
      "american-spelling": ["anaemia", "anemia"],
      "redundant-abbreviation": ["tissue factor (TF)", "tissue factor"],
      "leading-article": ["the spleen", "spleen"],
      hyphens: ["IL-6", "IL6"],
      "white-space": ["IL 6", "IL6"],
    };
    expect(Object.keys(rows).sort()).toEqual(biomedicalRules.map((rule) => rule.name).sort());
    for (const [name, [a, b]] of Object.entries(rows)) {
      const without = normalizeWith(biomedicalRules.filter((rule) => rule.name !== name));
      expect(same(a, b), name).toBe(true);
      expect(without(a), name).not.toBe(without(b));
    }
  });
});
