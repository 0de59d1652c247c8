import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const themes = ["light", "dark"] as const;
type Theme = (typeof themes)[number];

const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }],
  ),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string, theme: Theme): number {
  const [one, other] = [a, b].map((name) => luminance(colours.get(name)![theme]));
  return (Math.max(one!, other!) + 0.05) / (Math.min(one!, other!) + 0.05);
}

const grounds = ["paper", "surface", "raised", "sunken", "hover", "selected"];
const texts = ["text", "muted", "accent", "good", "caution", "bad", "info", "gold"];
const softs = ["good", "caution", "bad", "info", "gold"];
const lines = ["line", "focus", ...Array.from({ length: 8 }, (_, i) => `series-${i + 1}`)];

describe.each(themes)("tokens, %s", (theme) => {
  it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))(
    "text %s on %s stands 4.5:1",
    (text, ground) => {
      expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(softs)("%s on its own soft ground, as in a badge, stands 4.5:1", (tone) => {
    expect(contrast(tone, `${tone}-soft`, theme)).toBeGreaterThanOrEqual(4.5);
  });

  it("text on the accent stands 4.5:1", () => {
    expect(contrast("on-accent", "accent-fill", theme)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(lines.flatMap((line) => ["paper", "surface", "raised"].map((ground) => [line, ground] as const)))(
    "line %s on %s stands 3:1",
    (line, ground) => {
      expect(contrast(line, ground, theme)).toBeGreaterThanOrEqual(3);
    },
  );
});
