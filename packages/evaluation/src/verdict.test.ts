import { describe, expect, it } from "vitest";
import { verdictOf } from "./verdict.ts";

const base = {
  from: "sft",
  to: "grpo",
  measure: "greedy",
  n: 120,
  difference: 0.031,
  ci95: { low: -0.02, high: 0.08 },
  isGain: false,
} as const;

describe("verdictOf", () => {
  it("says what may be said", () => {
    expect(verdictOf(base).sentence).toBe(
      "GRPO changed greedy exact match against SFT by +0.031, 95 % interval −0.020 to +0.080, on 120 questions: not a gain, as the interval includes 0.",
    );
    expect(verdictOf({ ...base, ci95: { low: 0.01, high: 0.05 }, isGain: true })).toMatchObject({ tone: "gain" });
    expect(verdictOf({ ...base, difference: -0.1, ci95: { low: -0.2, high: -0.01 } })).toMatchObject({ tone: "loss" });
    expect(verdictOf({ ...base, n: 1, ci95: null }).sentence).toContain("on 1 question: too few");
    expect(verdictOf({ ...base, n: 0, difference: null, ci95: null }).sentence).toContain("nothing can be said");
  });
});
