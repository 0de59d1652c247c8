import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupCentredAdvantages, grpoAdvantages, leaveOneOutAdvantages } from "./advantages.ts";
import {
  advantageEstimators,
  advantages as advantagesBy,
  aggregations,
  aggregationWeights as weightsOf,
  isConstant,
  keepGroup,
  overlongPenalty,
  tokenLoss,
} from "./index.ts";
import type { Aggregation } from "./index.ts";

const aggregationWeights = (input: { aggregation: Aggregation; policyTokens: readonly number[] }): number[] =>
  weightsOf({ ...input, maxPolicyTokens: 8 });

const groups = fc.array(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 16 }), {
  minLength: 1,
  maxLength: 5,
});
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("advantages", () => {
  it("are the hand-computed ones", () => {
    expect(
      groupCentredAdvantages([
        [1, 0, 0, 1],
        [0, 0.5],
      ]),
    ).toEqual([
      [0.5, -0.5, -0.5, 0.5],
      [-0.25, 0.25],
    ]);
    const deviation = Math.sqrt(1 / 3);
    expect(grpoAdvantages([[1, 0, 0, 1]])[0]?.[0]).toBeCloseTo(0.5 / (deviation + 1e-6), 12);
    expect(leaveOneOutAdvantages([[1, 0, 0, 1]])[0]?.[0]).toBeCloseTo(1 - 1 / 3, 12);
  });
  it("have names, each with its estimator", () => {
    const returns = [
      [1, 0, 0, 1],
      [0, 0.5],
    ];
    expect(advantagesBy("group-centred", returns)).toEqual(groupCentredAdvantages(returns));
    expect(advantagesBy("group-standardised", returns)).toEqual(grpoAdvantages(returns));
    expect(advantagesBy("leave-one-out", returns)).toEqual(leaveOneOutAdvantages(returns));
    const mean = 2.5 / 6;
    advantagesBy("batch-centred", returns).forEach((group, p) =>
      group.forEach((value, g) => expect(value).toBeCloseTo((returns[p]?.[g] ?? 9) - mean, 12)),
    );
    expect(advantagesBy("batch-centred", [[1], [0]])).toEqual([[0.5], [-0.5]]);
    expect(advantageEstimators).toHaveLength(4);
  });
  it("sum to 0 in every group", () => {
    fc.assert(
      fc.property(groups, (returns) => {
        for (const advantages of [groupCentredAdvantages(returns), leaveOneOutAdvantages(returns)]) {
          for (const group of advantages) expect(Math.abs(sum(group))).toBeLessThan(1e-6 * group.length);
        }
      }),
    );
  });
  it("do not depend on the order of a group, nor on other groups", () => {
    fc.assert(
      fc.property(groups, (returns) => {
        const [first = []] = returns;
        const reversed = groupCentredAdvantages([[...first].reverse()])[0] ?? [];
        const alone = groupCentredAdvantages(returns)[0] ?? [];
        reversed.reverse().forEach((value, i) => expect(value).toBeCloseTo(alone[i] ?? Number.NaN, 12));
      }),
    );
  });
  it("do not change when every return shifts; GRPO's not when they scale", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0.1, 1, 1.1), { minLength: 2, maxLength: 8 }), (group) => {
        const moved = grpoAdvantages([group.map((value) => 3 * value + 7)])[0] ?? [];
        (grpoAdvantages([group])[0] ?? []).forEach((value, i) =>
          expect(Math.abs(value - (moved[i] ?? 9))).toBeLessThan(1e-4),
        );
      }),
    );
  });
  it("are exactly 0 where all returns are equal", () => {
    const equal = [0.1, 0.1, 0.1];
    expect(isConstant(equal)).toBe(true);
    for (const advantages of [groupCentredAdvantages, grpoAdvantages, leaveOneOutAdvantages])
      expect(advantages([equal])).toEqual([[0, 0, 0]]);
  });
  it("relate as RLOO = G / (G − 1) · centred", () => {
    const returns = [[0.3, 1.1, 0.1, 0, 2]];
    const centred = groupCentredAdvantages(returns)[0] ?? [];
    (leaveOneOutAdvantages(returns)[0] ?? []).forEach((value, i) =>
      expect(value).toBeCloseTo((centred[i] ?? 0) * (5 / 4), 12),
    );
  });
  it("refuse a group of one, an empty one and a return that is not finite", () => {
    for (const broken of [[[1]], [[1, 0], []], [[1, Number.NaN]]])
      expect(() => groupCentredAdvantages(broken)).toThrow();
  });
});

describe("aggregationWeights", () => {
  it("weighs tokens alike, or trajectories alike", () => {
    expect(aggregationWeights({ aggregation: "token-mean", policyTokens: [1, 3] })).toEqual([0.25, 0.25]);
    expect(aggregationWeights({ aggregation: "sequence-mean", policyTokens: [1, 4] })).toEqual([0.5, 0.125]);
    expect(aggregationWeights({ aggregation: "sequence-mean", policyTokens: [0, 4] })).toEqual([0, 0.125]);
    expect(aggregationWeights({ aggregation: "constant", policyTokens: [1, 4] })).toEqual([1 / 16, 1 / 16]);
    expect(aggregationWeights({ aggregation: "token-sum", policyTokens: [1, 4] })).toEqual([1, 1]);
  });
  it("sums to 1 over all policy tokens", () => {
    const counts = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom<Aggregation>("token-mean", "sequence-mean"), counts, (aggregation, policyTokens) => {
        const weights = aggregationWeights({ aggregation, policyTokens });
        expect(sum(weights.map((weight, i) => weight * (policyTokens[i] ?? 0)))).toBeCloseTo(1, 10);
      }),
    );
  });
  it("refuses a batch without policy tokens and counts that are none", () => {
    for (const policyTokens of [[], [0, 0], [-1, 3], [0.5], [Number.NaN]]) {
      expect(() => aggregationWeights({ aggregation: "token-mean", policyTokens })).toThrow();
    }
  });
  it.each(aggregations)("%s: skipping a zero-variance group changes no derivative", (aggregation) => {
    const returns = [
      [1, 0, 1],
      [1, 1, 1],
    ];
    const policyTokens = [2, 5, 3, 4, 1, 2];
    const weights = aggregationWeights({ aggregation, policyTokens });
    const derivatives = groupCentredAdvantages(returns)
      .flat()
      .map((advantage, i) => {
        const fill = (value: number): number[] => Array.from({ length: policyTokens[i] ?? 0 }, () => value);
        const [logProbs, advantages] = [fill(-0.5), fill(advantage)];
        const input = {
          logProbs,
          entropies: logProbs,
          oldLogProbs: null,
          behaviourLogProbs: logProbs,
          referenceLogProbs: null,
          advantages,
          weights: fill(weights[i] ?? 0),
        };
        return Array.from(tokenLoss({ type: "importance_sampling", kl: null, entropyBonus: 0 }, input).derivative);
      });
    expect(
      derivatives
        .slice(3)
        .flat()
        .every((value) => value === 0),
    ).toBe(true);
    const dropped = aggregationWeights({ aggregation, policyTokens: policyTokens.slice(0, 3) });
    if (aggregation !== "token-sum") expect(dropped[0]).not.toBeCloseTo(weights[0] ?? 0, 6);
    expect(derivatives[0]?.[0]).toBeCloseTo(-(weights[0] ?? 0) * (1 / 3), 12);
  });
});

describe("keepGroup", () => {
  it.each([
    [8, 8, true],
    [8, 4, true],
    [8, 3, false],
    [4, 2, true],
    [3, 2, true],
    [3, 1, false],
    [2, 1, false],
    [5, 2, false],
    [2, 2, true],
    [1, 1, false],
    [4, 0, false],
  ])("of %d members, %d left: %s", (members, survivors, kept) => expect(keepGroup({ members, survivors })).toBe(kept));
});

describe("overlongPenalty", () => {
  it.each([
    [80, 0],
    [90, -0.5],
    [100, -1],
    [140, -1],
    [81, -0.05],
  ])("%d tokens of 100, over the last 20: %d", (tokens, penalty) =>
    expect(overlongPenalty({ maxTokens: 100, margin: 20 }, tokens)).toBeCloseTo(penalty, 12),
  );
});
