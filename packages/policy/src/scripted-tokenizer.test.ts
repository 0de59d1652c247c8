import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScriptedTokenizer } from "./scripted-tokenizer.ts";

const tokenizer = createScriptedTokenizer();
const packable = fc.string({ unit: fc.constantFrom("a", "b", "z", "A", "Z", "0", "5", "9", " ", ".") });
const anything = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), packable);

describe("scripted tokenizer", () => {
  it("packs three common characters into a token, and spells the rest byte by byte", () => {
    expect(tokenizer.encode("")).toEqual([]);
    expect(tokenizer.encode("ab")).toEqual([97, 98]);
    expect(tokenizer.encode("aaa")).toEqual([256]);
    expect(tokenizer.encode("...")).toEqual([256 + 64 ** 3 - 1]);
    expect(tokenizer.encode("<search>")).toHaveLength(4);
    expect(tokenizer.encode("β-catenin")).toHaveLength(2 + 1 + 2 + 1);
    expect(tokenizer.encode("Which gland makes insulin")).toHaveLength(8 + 1);
  });

  it("is reversible for any text, in pieces too", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 4 }), (pieces) => {
        const whole = pieces.join("");
        expect(tokenizer.decode(tokenizer.encode(whole))).toBe(whole);
        expect(tokenizer.decode(pieces.flatMap((piece) => tokenizer.encode(piece)))).toBe(whole);
      }),
      { numRuns: 500 },
    );
  });

  it("makes lone surrogates well-formed, as UTF-8 must", () => {
    const units = fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 12 });
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed());
      }),
    );
  });

  it("never encodes a control id, and decodes one to nothing", () => {
    const { special, vocabularySize } = tokenizer;
    const controls = Object.values(special).filter((token) => token !== null);
    expect([...controls].sort((a, b) => a - b)).toEqual([0, 1, 2, 3].map((i) => vocabularySize - 4 + i));
    expect(controls.every((token) => tokenizer.isControl(token))).toBe(true);
    fc.assert(
      fc.property(anything, (text) => {
        const tokens = tokenizer.encode(text);
        expect(tokens.some((token) => tokenizer.isControl(token))).toBe(false);
        expect(tokenizer.decode(tokens.flatMap((token) => [token, ...controls]))).toBe(text);
      }),
    );
  });

  it("gives every id below the controls to one text", () => {
    fc.assert(
      fc.property(fc.integer({ min: 256, max: tokenizer.vocabularySize - 5 }), (token) => {
        expect(tokenizer.encode(tokenizer.decode([token]))).toEqual([token]);
      }),
    );
  });
});
