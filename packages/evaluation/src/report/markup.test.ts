import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeHtml, html } from "./markup.ts";

describe("html", () => {
  it("escapes every value, and only values", () => {
    expect(html`<p title="${'"><script>'}">${"<b>&'`"}</p>`.markup).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;&#96;</p>',
    );
    const items = ["a<", "b"].map((text) => html`<i>${text}</i>`);
    expect(html`${items}`.markup).toBe("<i>a&lt;</i><i>b</i>");
    expect(html`${null}${0}${["x", null, 1]}`.markup).toBe("0x1");
  });
  it("shows characters that hide or reorder text", () => {
    expect(escapeHtml("a\u202Eb\u0000c\u200Bd\uD800e\n\t")).toBe("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\n\t");
  });
  it("never lets a text open a tag or leave an attribute", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => !/[<>"'`]/u.test(escapeHtml(text))),
      { numRuns: 2000 },
    );
  });
});
