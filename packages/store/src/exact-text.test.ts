import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryText } from "@litmus/testing";
import { decodeJson, decodeText, encodeJson, encodeNumber, encodeText } from "./exact-text.ts";

describe("exact text", () => {
  it("leaves ordinary text as it is, every script and line ending included", () => {
    for (const text of ["", "CFTR", "α-synuclein 😀 \u202Eabc", "a\r\nb\t\u0001\u007F", "\uFFFD \uFFFF"])
      expect(encodeText(text)).toBe(text);
  });

  it("marks what Postgres cannot hold", () => {
    expect(encodeText("a\0b\u001A\uD800c")).toBe("a\u001A0000b\u001A001a\u001Ad800c");
    expect(encodeJson(["\0", -0, NaN, Infinity, 1])).toBe(
      '["\\u001a0000","\\u001a-0","\\u001aNaN","\\u001aInfinity",1]',
    );
    expect([-0, 0, NaN, -Infinity, 1e21].map(encodeNumber)).toEqual(["-0", "0", "NaN", "-Infinity", "1e+21"]);
  });

  it("gives back any text, and stores only what UTF-8 can hold", () => {
    fc.assert(
      fc.property(arbitraryText, (text) => {
        const stored = encodeText(text);
        expect(stored.isWellFormed()).toBe(true);
        expect(stored).not.toContain("\0");
        expect(decodeText(stored)).toBe(text);
      }),
    );
  });

  it("gives back any plain value", () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        arbitraryText,
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("any")),
        fc.dictionary(arbitraryText, tie("any")),
      ),
    })).any;
    fc.assert(
      fc.property(value, (plain) => {
        expect(decodeJson(JSON.parse(encodeJson(plain)))).toEqual(plain);
      }),
    );
  });
});
