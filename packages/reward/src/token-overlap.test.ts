import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tokenOverlap } from "./token-overlap.ts";

describe("tokenOverlap", () => {
  it.each([
    // 2 · (2/2 · 2/4) / (2/2 + 2/4) = 2/3
    { answer: "muscular dystrophy", golden: ["Duchenne muscular dystrophy protein"], f1: 2 / 3 },
    // Each word counts as often as it is there: one of two, of one: 2 · (1/2 · 1) / (1/2 + 1) = 2/3
    { answer: "beta beta", golden: ["beta"], f1: 2 / 3 },
    { answer: "factor VIII", golden: ["haemophilia", "factor VIII"], f1: 1 },
    { answer: "insulin", golden: ["glucagon"], f1: 0 },
  ])("$answer against $golden is $f1", ({ answer, golden, f1 }) => {
    expect(tokenOverlap(answer, golden).f1).toBeCloseTo(f1, 12);
  });

  it("names the nearest golden answer, and none where nothing is shared", () => {
    expect(tokenOverlap("factor IX", ["von Willebrand factor", "factor VIII"]).golden).toBe("factor VIII");
    expect(tokenOverlap("insulin", ["glucagon"]).golden).toBeNull();
  });

  it("gives nothing for a list or for a paragraph that holds the answer", () => {
    const long = `TP53 ${Array.from({ length: 13 }, (_, i) => `word${i}`).join(" ")}`;
    expect(tokenOverlap(long, ["TP53"]).f1).toBe(0);
    expect(tokenOverlap("TP53, BRCA1", ["TP53"]).f1).toBe(0);
    expect(tokenOverlap("…", ["TP53"]).f1).toBe(0);
  });

  it("is between 0 and 1, and 1 for the golden answer itself", () => {
    const text = fc.string().filter((each) => /[a-z]/iu.test(each));
    fc.assert(
      fc.property(text, text, (answer, golden) => {
        const { f1 } = tokenOverlap(answer, [golden]);
        return f1 >= 0 && f1 <= 1;
      }),
    );
    expect(tokenOverlap("Marfan syndrome", ["Marfan syndrome"]).f1).toBe(1);
  });
});
