import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LossSpec } from "@litmus/core";
import { tokenLoss } from "./token-loss.ts";
import type { TokenLossInput } from "./token-loss.ts";

const ppo = { type: "ppo", clipLow: 0.2, clipHigh: 0.28, truncation: 2 } as const satisfies LossSpec;

const one = (
  logProb: number,
  parts: { old?: number; behaviour?: number; advantage?: number; weight?: number } = {},
): TokenLossInput => ({
  logProbs: [logProb],
  oldLogProbs: parts.old === undefined ? null : [parts.old],
  behaviourLogProbs: parts.behaviour === undefined ? null : [parts.behaviour],
  advantages: [parts.advantage ?? 1],
  weights: [parts.weight ?? 1],
});

describe("tokenLoss, by hand", () => {
  it("cross-entropy is −Σ weight · log p", () => {
    const loss = tokenLoss(
      { type: "cross_entropy" },
      { logProbs: [-1, -3], oldLogProbs: null, behaviourLogProbs: null, advantages: [1, 1], weights: [0.25, 0.5] },
    );
    expect(loss.value).toBe(1.75);
    expect([...loss.derivative]).toEqual([-0.25, -0.5]);
    expect(loss.clipped).toBe(0);
  });

  it("importance sampling is −ρ A with ρ over the sampler's probability", () => {
    const loss = tokenLoss(
      { type: "importance_sampling" },
      one(Math.log(0.6), { behaviour: Math.log(0.4), advantage: -2, weight: 0.5 }),
    );
    expect(loss.value).toBeCloseTo(1.5, 12);
    expect(loss.derivative[0]).toBeCloseTo(1.5, 12);
  });

  it("ppo clips a ratio of 1.5 at 1.28 for a positive advantage, and its gradient is then 0", () => {
    const loss = tokenLoss({ ...ppo, truncation: null }, one(Math.log(0.6), { old: Math.log(0.4), advantage: 2 }));
    expect(loss.value).toBeCloseTo(-2.56, 12);
    expect(loss.derivative[0]).toBeCloseTo(0, 12);
    expect(loss.clipped).toBe(1);
  });

  it("ppo keeps a ratio of 1.5 for a negative advantage, and clips 0.5 at 0.8 there", () => {
    const above = tokenLoss({ ...ppo, truncation: null }, one(Math.log(0.6), { old: Math.log(0.4), advantage: -1 }));
    expect([above.value, above.derivative[0], above.clipped]).toEqual([
      expect.closeTo(1.5, 12),
      expect.closeTo(1.5, 12),
      0,
    ]);
    const below = tokenLoss({ ...ppo, truncation: null }, one(Math.log(0.2), { old: Math.log(0.4), advantage: -1 }));
    expect([below.value, below.clipped]).toEqual([expect.closeTo(0.8, 12), 1]);
    expect(below.derivative[0]).toBeCloseTo(0, 12);
  });

  it("the truncated correction is a constant factor min(old/μ, 2)", () => {
    const mild = tokenLoss(ppo, one(Math.log(0.3), { old: Math.log(0.3), behaviour: Math.log(0.2), advantage: 1 }));
    expect([mild.value, mild.derivative[0]]).toEqual([expect.closeTo(-1.5, 12), expect.closeTo(-1.5, 12)]);
    const capped = tokenLoss(ppo, one(Math.log(0.3), { behaviour: Math.log(0.03), advantage: 1 }));
    expect([capped.value, capped.derivative[0]]).toEqual([expect.closeTo(-2, 12), expect.closeTo(-2, 12)]);
  });

  it("clamps log-ratios at ±20, where the gradient ends", () => {
    const loss = tokenLoss({ type: "importance_sampling" }, one(-0.1, { behaviour: -90, advantage: 1 }));
    expect(loss.value).toBeCloseTo(-Math.exp(20), 3);
    expect(loss.derivative[0]).toBeCloseTo(0, 12);
  });

  it("refuses what a loss cannot use", () => {
    expect(() => tokenLoss({ type: "importance_sampling" }, one(-1))).toThrow(/policy that sampled/);
    expect(() => tokenLoss(ppo, one(-1))).toThrow(/policy that sampled/);
    expect(() => tokenLoss({ type: "cross_entropy" }, one(-1, { advantage: 0.5 }))).toThrow(/advantage/);
    expect(() => tokenLoss({ type: "cross_entropy" }, { ...one(-1), weights: [1, 2] })).toThrow(/2 entries for 1/);
  });
});

describe("tokenLoss, properties", () => {
  const logProb = fc.double({ min: -6, max: -0.01, noNaN: true });
  const token = fc.record({
    logProb,
    old: logProb,
    behaviour: logProb,
    advantage: fc.double({ min: -3, max: 3, noNaN: true }),
    weight: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const columns = (tokens: readonly (typeof token extends fc.Arbitrary<infer T> ? T : never)[]): TokenLossInput => ({
    logProbs: tokens.map((item) => item.logProb),
    oldLogProbs: tokens.map((item) => item.old),
    behaviourLogProbs: tokens.map((item) => item.behaviour),
    advantages: tokens.map((item) => item.advantage),
    weights: tokens.map((item) => item.weight),
  });
  const specs: readonly LossSpec[] = [{ type: "importance_sampling" }, ppo, { ...ppo, truncation: null }];
  const nearKink = (input: TokenLossInput, index: number): boolean => {
    const ratio = Math.exp(input.logProbs[index]! - input.oldLogProbs![index]!);
    return Math.abs(ratio - 0.8) < 1e-3 || Math.abs(ratio - 1.28) < 1e-3;
  };

  it("each derivative agrees with finite differences", () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 5 }), fc.constantFrom(...specs), (tokens, spec) => {
        const input = columns(tokens);
        const { derivative } = tokenLoss(spec, input);
        for (let index = 0; index < tokens.length; index++) {
          if (nearKink(input, index)) continue;
          const shifted = (step: number): number =>
            tokenLoss(spec, { ...input, logProbs: tokens.map((item, i) => item.logProb + (i === index ? step : 0)) })
              .value;
          const numeric = (shifted(1e-6) - shifted(-1e-6)) / 2e-6;
          expect(Math.abs(numeric - derivative[index]!)).toBeLessThan(1e-5 * (1 + Math.abs(numeric)));
        }
      }),
    );
  });

  it("on policy, all losses have the gradient −weight · A and no token is clipped", () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 5 }), fc.constantFrom(...specs), (tokens, spec) => {
        const onPolicy = columns(tokens.map((item) => ({ ...item, old: item.logProb, behaviour: item.logProb })));
        const loss = tokenLoss(spec, onPolicy);
        expect(loss.clipped).toBe(0);
        tokens.forEach((item, index) => expect(loss.derivative[index]).toBeCloseTo(-item.weight * item.advantage, 9));
        expect(tokenLoss(spec, { ...onPolicy, oldLogProbs: null })).toEqual(loss);
      }),
    );
  });
});
