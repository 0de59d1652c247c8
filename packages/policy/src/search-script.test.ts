import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScriptedTokenizer } from "./scripted-tokenizer.ts";
import { observationsAfterQuestion, searchScript } from "./search-script.ts";

const question =
  "Through which transcription factor, active as a homodimer, do macrophages obey the cytokine interferon gamma?";
const observation = `<information>
[R1] Interferon gamma: macrophages and their signals. It is made by T cells. Homodimers of the transcription factor STAT1 carry its signals in macrophages. Emapalumab neutralises it.
[R2] Interleukin-6: acute phase proteins. Its signals pass through STAT3 in the liver.
</information>
`;
const opened = `Question: ${question}\n`;
const seen = `${opened}<search>interferon</search>\n${observation}`;
const actions = (text: string, version = 0): string[] =>
  Array.from({ length: 200 }, (_, seed) =>
    searchScript({ text, turn: observationsAfterQuestion(text), seed, version }),
  );
const shareOf = (texts: readonly string[], wanted: (text: string) => boolean): number =>
  texts.filter(wanted).length / texts.length;

describe("search script", () => {
  it("asks a long question in different ways, each short enough for a small budget", () => {
    const queries = new Set(actions(opened).filter((text) => text.startsWith("<search>")));
    expect(queries.size).toBeGreaterThan(3);
    const tokenizer = createScriptedTokenizer();
    for (const query of queries) expect(tokenizer.encode(query).length).toBeLessThanOrEqual(40);
  });

  it("is right at times and wrong at times, so that rewards vary within a group", () => {
    const right = shareOf(actions(seen), (text) => text === "<answer>STAT1</answer>");
    expect(right).toBeGreaterThan(0.1);
    expect(right).toBeLessThan(0.9);
    expect(shareOf(actions(seen), (text) => text.endsWith("<answer>"))).toBeCloseTo(0.1, 1);
    expect(shareOf(actions(seen), (text) => text.startsWith("<search>"))).toBeGreaterThan(0);
  });

  it("acts otherwise under another seed or version, and else alike", () => {
    expect(actions(seen)).toEqual(actions(seen));
    expect(actions(seen, 1)).not.toEqual(actions(seen));
    expect(new Set(actions(seen)).size).toBeGreaterThan(3);
  });

  it("says something well-formed about any question and any results", () => {
    const context = fc.record({ text: fc.string({ unit: "grapheme" }), seed: fc.nat(), version: fc.nat(9) });
    fc.assert(
      fc.property(context, fc.string({ unit: "grapheme", maxLength: 300 }), ({ text, ...rest }, shown) => {
        const whole = `Question: ${text}\n<information>\n[x] ${shown}\n</information>\n`;
        for (const turn of [0, 1, 2])
          expect(searchScript({ text: whole, turn, ...rest })).toMatch(/<\/(search|answer)>$|^<think>.*<answer>$/s);
      }),
      { numRuns: 300 },
    );
  });
});
