import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LossSpec } from "@litmus/core";
import { klTerm } from "./index.ts";
import { tokenLoss } from "./token-loss.ts";
import type { TokenLossInput } from "./token-loss.ts";

const plain = { kl: null, entropyBonus: 0 } as const;
const importance = { type: "importance_sampling", ...plain } as const satisfies LossSpec;
const ppo = { type: "ppo", clipLow: 0.2, clipHigh: 0.28, truncation: null, dualClip: null, ...plain } as const;
const cispo = { type: "cispo", clipLow: 0.2, clipHigh: 0.28, truncation: null, ...plain } as const;

interface Parts {
  readonly old?: number;
  readonly behaviour?: number;
  readonly reference?: number;
  readonly advantage?: number;
  readonly weight?: number;
}

const one = (logProb: number, parts: Parts = {}): TokenLossInput => ({
  logProbs: [logProb],
  entropies: [0.5],
  oldLogProbs: parts.old === undefined ? null : [parts.old],
  behaviourLogProbs: parts.behaviour === undefined ? null : [parts.behaviour],
  referenceLogProbs: parts.reference === undefined ? null : [parts.reference],
  advantages: [parts.advantage ?? 1],
  weights: [parts.weight ?? 1],
});

/** Value, derivative and clipped tokens of one token. */
const of = (spec: LossSpec, input: TokenLossInput): readonly (number | undefined)[] => {
  const loss = tokenLoss(spec, input);
  return [loss.value, loss.derivative[0], loss.clipped];
};
const close = (...values: readonly number[]): unknown[] =>
  values.map((value, i) => (i === 2 ? value : expect.closeTo(value, 10)));

describe("tokenLoss, by hand", () => {
  it("cross-entropy is −Σ weight · log p", () => {
    const loss = tokenLoss(
      { type: "cross_entropy" },
      { ...one(0), logProbs: [-1, -3], entropies: [1, 1], advantages: [1, 1], weights: [0.25, 0.5] },
    );
    expect(loss.value).toBe(1.75);
    expect([...loss.derivative]).toEqual([-0.25, -0.5]);
    expect([...loss.entropyDerivative]).toEqual([0, 0]);
  });

  it("importance sampling is −ρ A with ρ over the sampler's probability", () => {
    const input = one(Math.log(0.6), { behaviour: Math.log(0.4), advantage: -2, weight: 0.5 });
    expect(of(importance, input)).toEqual(close(1.5, 1.5, 0));
  });

  it("ppo clips a ratio of 1.5 at 1.28 for a positive advantage, and one of 0.5 at 0.8 for a negative one", () => {
    const above = { old: Math.log(0.4), advantage: 2 };
    expect(of(ppo, one(Math.log(0.6), above))).toEqual(close(-2.56, 0, 1));
    expect(of(ppo, one(Math.log(0.6), { ...above, advantage: -1 }))).toEqual(close(1.5, 1.5, 0));
    expect(of(ppo, one(Math.log(0.2), { ...above, advantage: -1 }))).toEqual(close(0.8, 0, 1));
  });

  it("the dual clip bounds the loss of a negative advantage at 3", () => {
    const far = { old: Math.log(0.1), advantage: -2 };
    expect(of(ppo, one(Math.log(0.5), far))).toEqual(close(10, 10, 0));
    expect(of({ ...ppo, dualClip: 3 }, one(Math.log(0.5), far))).toEqual(close(6, 0, 1));
    expect(of({ ...ppo, dualClip: 3 }, one(Math.log(0.2), far))).toEqual(close(4, 4, 0));
  });

  it("cispo keeps the gradient of a clipped token: the clipped ratio is a constant", () => {
    const input = one(Math.log(0.6), { old: Math.log(0.4), advantage: 2 });
    expect(of(cispo, input)).toEqual(close(-1.28 * 2 * Math.log(0.6), -2.56, 1));
  });

  it("the truncated correction is a constant factor min(old/μ, 2)", () => {
    const spec = { ...ppo, truncation: 2 };
    const mild = one(Math.log(0.3), { old: Math.log(0.3), behaviour: Math.log(0.2) });
    expect(of(spec, mild)).toEqual(close(-1.5, -1.5, 0));
    expect(of(spec, one(Math.log(0.3), { behaviour: Math.log(0.03) }))).toEqual(close(-2, -2, 0));
  });

  it("adds KL and an entropy bonus, each times its coefficient and the token's weight", () => {
    const input = one(Math.log(0.4), { behaviour: Math.log(0.4), reference: Math.log(0.2), weight: 0.5 });
    const d = Math.log(2);
    const k2 = tokenLoss({ ...importance, kl: { estimator: "k2", coefficient: 0.1 } }, input);
    expect(k2.value).toBeCloseTo(0.5 * (-1 + (0.1 * d * d) / 2), 12);
    expect(k2.derivative[0]).toBeCloseTo(0.5 * (-1 + 0.1 * d), 12);
    const k3 = tokenLoss({ ...importance, kl: { estimator: "k3", coefficient: 0.1 } }, input);
    expect(k3.value).toBeCloseTo(0.5 * (-1 + 0.1 * (0.5 + d - 1)), 12);
    expect(k3.derivative[0]).toBeCloseTo(0.5 * (-1 + 0.1 * 0.5), 12);
    const bonus = tokenLoss({ ...importance, entropyBonus: 0.2 }, input);
    expect([bonus.value, bonus.entropyDerivative[0]]).toEqual([expect.closeTo(0.5 * -1.1), expect.closeTo(-0.1)]);
  });

  it("clamps log-ratios at ±20, where the gradient ends", () => {
    expect(of(importance, one(-0.1, { behaviour: -90 }))).toEqual(close(-Math.exp(20), 0, 0));
  });

  it("refuses what a loss cannot use", () => {
    expect(() => tokenLoss(importance, one(-1))).toThrow(/policy that sampled/);
    expect(() => tokenLoss({ ...ppo, truncation: 2 }, one(-1))).toThrow(/policy that sampled/);
    const kl = { estimator: "k3", coefficient: 1 } as const;
    expect(() => tokenLoss({ ...ppo, kl }, one(-1))).toThrow(/reference policy/);
    expect(() => tokenLoss({ type: "cross_entropy" }, one(-1, { advantage: 0.5 }))).toThrow(/advantage/);
    expect(() => tokenLoss({ type: "cross_entropy" }, { ...one(-1), weights: [1, 2] })).toThrow(/2 entries for 1/);
  });
});

interface Golden {
  readonly input: TokenLossInput;
  readonly cases: readonly {
    readonly spec: LossSpec;
    readonly value: number;
    readonly derivative: readonly number[];
    readonly entropyDerivative: readonly number[];
    readonly clipped: number;
  }[];
}

const golden = JSON.parse(readFileSync(new URL("../fixtures/losses.json", import.meta.url), "utf8")) as Golden;

describe("tokenLoss against PyTorch (fixtures/losses.py)", () => {
  it.each(golden.cases.map((entry) => [JSON.stringify(entry.spec), entry] as const))(
    "%s",
    (_, { spec, ...expected }) => {
      const ones = golden.input.logProbs;
      const advantages = spec.type === "cross_entropy" ? Array.from(ones, () => 1) : golden.input.advantages;
      const loss = tokenLoss(spec, { ...golden.input, advantages });
      const near = (value: number): unknown => expect.closeTo(value, Math.abs(value) > 1e3 ? 1 : 9);
      expect(loss.value).toEqual(near(expected.value));
      expect([...loss.derivative]).toEqual(expected.derivative.map(near));
      expect([...loss.entropyDerivative]).toEqual(expected.entropyDerivative.map(near));
      expect(loss.clipped).toBe(expected.clipped);
    },
  );
});

describe("tokenLoss, properties", () => {
  const logProb = fc.double({ min: -6, max: -0.01, noNaN: true });
  const token = fc.record({
    logProb,
    old: logProb,
    behaviour: logProb,
    reference: logProb,
    entropy: fc.double({ min: 0, max: 3, noNaN: true }),
    advantage: fc.double({ min: -3, max: 3, noNaN: true }),
    weight: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  type Token = typeof token extends fc.Arbitrary<infer T> ? T : never;
  const columns = (tokens: readonly Token[]): TokenLossInput => ({
    logProbs: tokens.map((item) => item.logProb),
    entropies: tokens.map((item) => item.entropy),
    oldLogProbs: tokens.map((item) => item.old),
    behaviourLogProbs: tokens.map((item) => item.behaviour),
    referenceLogProbs: tokens.map((item) => item.reference),
    advantages: tokens.map((item) => item.advantage),
    weights: tokens.map((item) => item.weight),
  });
  const tokens = fc.array(token, { minLength: 1, maxLength: 5 });
  const policyLosses: readonly LossSpec[] = [importance, ppo, { ...ppo, truncation: 2, dualClip: 3 }];
  const withTerms = policyLosses.flatMap((spec) => [
    spec,
    { ...spec, entropyBonus: 0.1, kl: { estimator: "k2", coefficient: 0.3 } } as LossSpec,
    { ...spec, kl: { estimator: "k3", coefficient: 0.3 } } as LossSpec,
  ]);
  const kinks = [0.8, 1.28, 3];
  const nearKink = ({ logProb: now, old, reference }: Token): boolean => {
    const ratio = Math.exp(now - old);
    const k3 = klTerm("k3", now - reference).value;
    return kinks.some((kink) => Math.abs(ratio - kink) < 1e-3) || Math.abs(k3 - 10) < 1e-2;
  };

  it("derivatives agree with finite differences", () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom(...withTerms), (items, spec) => {
        const input = columns(items);
        const { derivative, entropyDerivative } = tokenLoss(spec, input);
        items.forEach((item, index) => {
          if (nearKink(item)) return;
          const difference = (of: "logProbs" | "entropies", values: readonly number[]): number => {
            const shifted = (step: number): number =>
              tokenLoss(spec, { ...input, [of]: values.map((value, i) => value + (i === index ? step : 0)) }).value;
            return (shifted(1e-6) - shifted(-1e-6)) / 2e-6;
          };
          const numeric = difference(
            "logProbs",
            items.map((other) => other.logProb),
          );
          expect(Math.abs(numeric - derivative[index]!)).toBeLessThan(1e-5 * (1 + Math.abs(numeric)));
          const byEntropy = difference(
            "entropies",
            items.map((other) => other.entropy),
          );
          expect(byEntropy).toBeCloseTo(entropyDerivative[index]!, 6);
        });
      }),
    );
  });

  it("on policy, all losses have the gradient −weight · A and no token is clipped", () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom<LossSpec>(...policyLosses, cispo), (items, spec) => {
        const onPolicy = columns(items.map((item) => ({ ...item, old: item.logProb, behaviour: item.logProb })));
        const loss = tokenLoss(spec, onPolicy);
        expect(loss.clipped).toBe(0);
        items.forEach((item, index) => expect(loss.derivative[index]).toBeCloseTo(-item.weight * item.advantage, 9));
        expect(tokenLoss(spec, { ...onPolicy, oldLogProbs: null })).toEqual(loss);
      }),
    );
  });

  it("on policy, the values of PPO and importance sampling are −Σ weight · A", () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom(...policyLosses), (items, spec) => {
        const onPolicy = columns(items.map((item) => ({ ...item, old: item.logProb, behaviour: item.logProb })));
        const sum = items.reduce((total, item) => total - item.weight * item.advantage, 0);
        expect(tokenLoss(spec, onPolicy).value).toBeCloseTo(sum, 9);
      }),
    );
  });

  it("a sequence in two parts has the same value and derivatives as in one", () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 2, maxLength: 6 }), fc.constantFrom(...withTerms), (items, spec) => {
        const whole = tokenLoss(spec, columns(items));
        const parts = [items.slice(0, 1), items.slice(1)].map((part) => tokenLoss(spec, columns(part)));
        expect(parts[0]!.value + parts[1]!.value).toBeCloseTo(whole.value, 9);
        expect(parts.flatMap((part) => [...part.derivative])).toEqual([...whole.derivative]);
      }),
    );
  });

  it("a weight of 0 has no derivative, whatever else it holds", () => {
    fc.assert(
      fc.property(token, fc.constantFrom<LossSpec>(...withTerms, cispo), (item, spec) => {
        const loss = tokenLoss(spec, columns([{ ...item, weight: 0 }]));
        expect([loss.value, loss.derivative[0], loss.entropyDerivative[0]].map((value) => value! + 0)).toEqual([
          0, 0, 0,
        ]);
      }),
    );
  });

  it("advantages of 0 leave only the KL and entropy terms; with the policy as reference, KL is 0", () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom(...policyLosses), (items, spec) => {
        const idle = columns(items.map((item) => ({ ...item, advantage: 0, reference: item.logProb })));
        for (const estimator of ["k2", "k3"] as const) {
          const loss = tokenLoss({ ...spec, kl: { estimator, coefficient: 1 } } as LossSpec, idle);
          expect(Math.abs(loss.value)).toBe(0);
          expect([...loss.derivative].map(Math.abs)).toEqual(items.map(() => 0));
        }
      }),
    );
  });

  it("the correction is 1 where old = μ", () => {
    fc.assert(
      fc.property(tokens, (items) => {
        const input = columns(items.map((item) => ({ ...item, behaviour: item.old })));
        expect(tokenLoss({ ...ppo, truncation: 2 }, input)).toEqual(tokenLoss(ppo, input));
      }),
    );
  });
});

describe("klTerm", () => {
  /** KL in nats of two distributions over three tokens, and its estimates' expectations. */
  const theta = [0.5, 0.3, 0.2];
  const reference = [0.2, 0.3, 0.5];
  const expectation = (of: (d: number) => number): number =>
    theta.reduce((sum, p, i) => sum + p * of(Math.log(p / reference[i]!)), 0);
  const kl = expectation((d) => d);

  it("k1 and k3 are unbiased; k2 is not, k3 is never negative", () => {
    expect(expectation((d) => klTerm("k1", d).value)).toBeCloseTo(kl, 12);
    expect(expectation((d) => klTerm("k3", d).value)).toBeCloseTo(kl, 12);
    expect(Math.abs(expectation((d) => klTerm("k2", d).value) - kl)).toBeGreaterThan(0.01);
    fc.assert(fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (d) => klTerm("k3", d).value >= 0));
  });

  it("as losses: k1 has no expected gradient, k2 that of KL(θ, reference), k3 that of KL(reference, θ)", () => {
    // For logits z of θ: ∂lp_i/∂z_j = [i = j] − p_j; expectations over θ.
    const gradient = (estimator: "k1" | "k2" | "k3", j: number): number =>
      theta.reduce((sum, p, i) => {
        const { derivative } = klTerm(estimator, Math.log(p / reference[i]!));
        return sum + p * derivative * ((i === j ? 1 : 0) - theta[j]!);
      }, 0);
    theta.forEach((p, j) => {
      expect(gradient("k1", j)).toBeCloseTo(0, 12);
      expect(gradient("k2", j)).toBeCloseTo(p * (Math.log(p / reference[j]!) - kl), 12);
      expect(gradient("k3", j)).toBeCloseTo(p - reference[j]!, 12);
    });
  });

  it("is finite where the policy has almost left the reference", () => {
    expect(klTerm("k3", -500)).toEqual({ value: 10, derivative: 0 });
    expect(klTerm("k3", 0)).toEqual({ value: 0, derivative: 0 });
  });
});
