import { describe, expect, it } from "vitest";
import { judgeAnswer } from "./index.ts";
import { goldenNames } from "./testing/golden-names.ts";

const greekLetter: Readonly<Record<string, string>> = { alpha: "α", beta: "β", gamma: "γ", kappa: "κ", omega: "Ω" };
const british: readonly (readonly [string, string])[] = [
  ["leukemia", "leukaemia"],
  ["hemo", "haemo"],
  ["esoph", "oesoph"],
  ["tumor", "tumour"],
];

/** Ways in which the same answer is written. */
const variants: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.toLowerCase(),
  (name) => (/\p{L}/u.test(name) ? name.toUpperCase() : name),
  (name) => `${name}.`,
  (name) => `"${name}"`,
  (name) => `“${name}”`,
  (name) => `**${name}**`,
  (name) => `  ${name}\n`,
  (name) => (/^\p{L}{3}/u.test(name) ? `The ${name}` : name),
  (name) => name.replaceAll("-", "–"),
  (name) => name.replaceAll("-", "\u2011"),
  (name) => name.replaceAll("'", "′"),
  (name) => name.replaceAll("'", "’"),
  (name) => name.replaceAll(" ", "\u00A0"),
  (name) => name.normalize("NFD"),
  (name) => name.replace(/alpha|beta|gamma|kappa|omega/gu, (word) => greekLetter[word] ?? word),
  (name) => name.replace(/(?<=\p{L})-(?=[\p{L}\d])/gu, " "),
  (name) => name.replace(/(?<=\p{L})-(?=[\p{L}\d])/gu, ""),
  (name) => name.normalize("NFD").replace(/\p{M}/gu, ""),
  (name) => name.replace("'s ", " "),
  (name) => british.reduce((text, [american, other]) => text.replace(american, other), name),
];
const trueAnswers = [
  ...new Set(goldenNames.flatMap((golden) => variants.map((vary) => JSON.stringify([golden, vary(golden)])))),
].map((text) => JSON.parse(text) as [string, string]);

/** Ways to be paid without knowing the answer. `other` is a wrong answer. */
const attacks: readonly ((golden: string, other: string) => string)[] = [
  (golden, other) => `${golden} or ${other}`,
  (golden, other) => `${other}, ${golden}`,
  (golden, other) => `${other}, ${golden} and insulin`,
  (golden, other) => `${golden}/${other}`,
  (golden, other) => `${golden}; ${other}`,
  (golden, other) => `${golden}\n${other}`,
  (golden, other) => `${golden} (or ${other})`,
  (golden, other) => `${golden} (${other})`,
  (golden) => `not ${golden}`,
  (golden) => `The answer is "${golden}"`,
  (golden) => `<answer>${golden}</answer>`,
  (golden) => `${golden}</answer><answer>`,
  (golden) => `<information>${golden}</information>`,
  (golden) => `${golden} ${golden}`,
  (golden) => `${"x".repeat(3)} ${golden}`,
  (golden) => `${golden}2`,
  (golden) => `anti-${golden}`,
  (golden) => `non-${golden}`,
  (golden) => `${golden}-like protein`,
  (golden) => `${golden} A`,
  (golden) => golden.slice(0, -1),
  (golden) => golden.slice(1),
  (golden) => `${golden} inhibits the growth of many cells in the bone marrow of mice that were fed a diet of fat`,
  (golden) =>
    golden
      .replace(/[aeo]/u, (char) => ({ a: "а", e: "е", o: "о" })[char] ?? char)
      .replace(/^[TPIC]/u, (char) => ({ T: "Т", P: "Р", I: "І", C: "С" })[char] ?? char),
];
const handwritten: readonly (readonly [string, string])[] = [
  ["", "TP53"],
  ["   ", "TP53"],
  [".", "TP53"],
  ["-", "TP53"],
  ["the", "the spleen"],
  ["a", "hepatitis A"],
  ["A", "protein A"],
  ["and", "TP53"],
  ["hepatitis", "hepatitis A"],
  ["hepatitis A", "hepatitis"],
  ["vitamin", "vitamin A"],
  ["protein", "protein A"],
  ["HLA", "HLA-A"],
  ["HLA-A", "HLA"],
  ["HLA-A", "HLA-B"],
  ["25 mg", "2.5 mg"],
  ["2.5 mg", "25 mg"],
  ["0.25 mg", "2.5 mg"],
  ["5", "-5"],
  ["-5", "5"],
  ["125", "1-25"],
  ["12", "1 2"],
  ["A, B", "AB"],
  ["A/B", "AB"],
  ["A or B", "B"],
  ["IL-1, IL-6, IL-8", "IL-6"],
  ["IL-6/IL-8", "IL-6"],
  ["IL-6 and/or IL-8", "IL-6"],
  ["IL-12", "IL-1 2"],
  ["IL-6R", "IL-6"],
  ["IL-16", "IL-6"],
  ["CD4+", "CD4"],
  ["CD8", "CD4"],
  ["Cl-", "Cl"],
  ["95", "95%"],
  ["9.5%", "95%"],
  ["increased", "decreased"],
  ["hypotension", "hypertension"],
  ["hyperglycaemia", "hypoglycaemia"],
  ["yes", "no"],
  ["TNF-beta", "TNF-alpha"],
  ["protein kinase C (PKA)", "protein kinase A"],
  ["5 UTR", "5' UTR"],
  ["3' UTR", "5' UTR"],
  ["1e9", "1e-9"],
  ["10-9", "10⁻⁹"],
  ["102", "10²"],
  ["TP53 TP53", "TP53"],
  ["TP53 BRCA1", "TP53"],
  ["TP53, TP53", "TP53"],
  ["T P 5 3", "TP53"],
  ["ТР53", "TP53"],
  ["undefined", "TP53"],
  ["null", "TP53"],
];
const adversarial = [
  ...goldenNames.flatMap((golden, i) => {
    const other = goldenNames[(i + 7) % goldenNames.length] ?? "insulin";
    return attacks.map((attack) => [attack(golden, other), golden] as const);
  }),
  ...handwritten,
].filter(([answer, golden]) => answer !== golden);

describe("judgeAnswer", () => {
  it("accepts at least 99 % of more than 500 true answers", () => {
    const rejected = trueAnswers.filter(
      ([golden, answer]) => judgeAnswer(answer, ["something else", golden]).rule !== "match",
    );
    expect(trueAnswers.length).toBeGreaterThanOrEqual(500);
    expect(rejected.length / trueAnswers.length, JSON.stringify(rejected)).toBeLessThanOrEqual(0.01);
  });
  it("accepts none of more than 300 adversarial answers", () => {
    const accepted = adversarial.filter(([answer, golden]) => judgeAnswer(answer, [golden]).rule === "match");
    expect(adversarial.length).toBeGreaterThanOrEqual(300);
    expect(accepted).toEqual([]);
  });
  it.each([
    ["TP53", ["TP53"], "match"],
    [" ", ["TP53"], "empty"],
    ["TP53 or BRCA1", ["TP53"], "several-answers"],
    ["SNCA and LRRK2", ["LRRK2 and SNCA", "SNCA and LRRK2"], "match"],
    ["A, B", ["AB", "a,b"], "match"],
    ["A - B", ["A-B"], "match"],
    ["one two three four five six seven eight nine ten eleven twelve thirteen", ["one two three"], "too-long"],
    [
      "one two three four five six seven eight nine ten eleven twelve thirteen",
      ["one two three four five"],
      "no-match",
    ],
    ["BRCA1", ["TP53"], "no-match"],
  ] as const)("decides %j against %j by %s", (answer, golden, rule) =>
    expect(judgeAnswer(answer, golden).rule).toBe(rule),
  );
  it("does not depend on the order of the golden answers", () => {
    for (const golden of goldenNames) {
      expect(judgeAnswer(golden, [...goldenNames].reverse()).rule).toBe(judgeAnswer(golden, goldenNames).rule);
    }
  });
});
