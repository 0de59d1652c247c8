import { describe, expect, it } from "vitest";
import { tokenModes } from "../search.ts";
import { tokenFacts } from "./token-facts.ts";
import { tokenLegend, tokenStep } from "./token-scale.ts";
import type { TokenStep } from "./token-scale.ts";

const unknown = { kind: "action", logProb: null, advantage: null, difference: null } as const;
const byLogProb = (logProb: number | null): TokenStep => tokenStep("log-probability", { ...unknown, logProb });
const byAdvantage = (advantage: number | null): TokenStep => tokenStep("advantage", { ...unknown, advantage });

describe("the paint of a token", () => {
  it("goes by its probability", () => {
    expect([0, -0.1, -0.5, -1, -3, -9].map(byLogProb)).toEqual(["high", "high", "low1", "low2", "low3", "low4"]);
    expect(byLogProb(null)).toBe("none");
    expect(byLogProb(Number.NEGATIVE_INFINITY)).toBe("low4");
  });

  it("goes by the sign and the size of its advantage", () => {
    expect([-0.7, -0.5, -0.2, -0.01, 0, 0.01, 0.1, 2].map(byAdvantage)).toEqual([
      "minus3",
      "minus3",
      "minus2",
      "minus1",
      "zero",
      "plus1",
      "plus2",
      "plus3",
    ]);
  });

  it("takes noise between sampler and trainer for none", () => {
    const byDifference = (difference: number): TokenStep => tokenStep("difference", { ...unknown, difference });
    expect([-0.009, 0.009, 0.02, -0.3].map(byDifference)).toEqual(["zero", "zero", "plus1", "minus2"]);
  });

  it("is explained by the legend of its mode, each once", () => {
    const values = [null, -9, -0.6, -0.3, -0.05, 0, 0.05, 0.3, 0.6];
    for (const mode of tokenModes) {
      const steps = tokenLegend(mode).map(({ step }) => step);
      expect(new Set(steps).size).toBe(steps.length);
      for (const value of values)
        for (const kind of ["action", "prompt"] as const) {
          const logProb = value === null ? null : Math.min(0, value);
          expect(steps).toContain(tokenStep(mode, { kind, logProb, advantage: value, difference: value }));
        }
    }
  });
});

describe("the facts of a token", () => {
  const page = {
    from: 10,
    to: 12,
    total: 20,
    ids: [5, 6],
    texts: ["a", " b"],
    segments: [{ kind: "action" as const, start: 8, end: 20, turn: 1 }],
    logProbs: [-1, null],
    advantages: [0.5, null],
    trainerLogProbs: [-1.25, -2],
  };

  it("are those of its place in the page", () => {
    expect(tokenFacts(page, 10)).toEqual({
      index: 10,
      id: 5,
      text: "a",
      kind: "action",
      turn: 1,
      logProb: -1,
      advantage: 0.5,
      trainerLogProb: -1.25,
      difference: -0.25,
    });
    expect(tokenFacts(page, 11)?.difference).toBeNull();
    expect(tokenFacts(page, 9)).toBeNull();
    expect(tokenFacts({ ...page, texts: null }, 10)?.text).toBeNull();
  });
});
