import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decays, learningRateAt } from "./index.ts";

const all = (steps: number, warmupSteps: number, decay: (typeof decays)[number]): number[] =>
  Array.from({ length: steps }, (_, step) => learningRateAt({ base: 1, step, steps, warmupSteps, decay }));

describe("learningRateAt", () => {
  it("rises by equal parts to the base, then decays", () => {
    expect(all(5, 2, "constant")).toEqual([1 / 3, 2 / 3, 1, 1, 1]);
    expect(all(4, 0, "linear")).toEqual([1, 0.75, 0.5, 0.25]);
    expect(all(4, 0, "cosine").map((rate) => Number(rate.toFixed(6)))).toEqual([1, 0.853553, 0.5, 0.146447]);
    expect(all(1, 0, "cosine")).toEqual([1]);
  });
  it("reaches its base once within every run, is never above it, and never 0", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(59), fc.constantFrom(...decays), (steps, warmup, decay) => {
        fc.pre(warmup < steps);
        const rates = all(steps, warmup, decay);
        expect(rates[warmup]).toBe(1);
        expect(rates.every((rate) => rate > 0 && rate <= 1)).toBe(true);
        const falls = rates.slice(warmup).every((rate, i, tail) => i === 0 || rate <= (tail[i - 1] ?? 0));
        expect(falls).toBe(true);
      }),
    );
  });
  it("refuses a warm-up longer than the run, and steps outside it", () => {
    expect(() => learningRateAt({ base: 1, step: 0, steps: 150, warmupSteps: 286, decay: "constant" })).toThrow(
      "does not end within",
    );
    expect(() => learningRateAt({ base: 1, step: 0, steps: 3, warmupSteps: 3, decay: "constant" })).toThrow();
    for (const step of [-1, 3, 0.5])
      expect(() => learningRateAt({ base: 1, step, steps: 3, warmupSteps: 0, decay: "linear" })).toThrow();
  });
});
