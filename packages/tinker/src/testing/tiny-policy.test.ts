import { createRng } from "@litmus/core";
import { describe, expect, it } from "vitest";
import { adamStep, freshState, normOf, zerosLike } from "./fake-optimizer.ts";
import { copyAdapter, freshAdapter, TinyPolicy } from "./tiny-policy.ts";
import type { TinyAdapter } from "./tiny-policy.ts";

const policy = new TinyPolicy("tiny", 12);
const sequence = { inputs: [3, 1, 4, 1, 5], targets: [1, 4, 1, 5, 9] };
const slopes = [0, 0.7, -1.3, 0, 2];

/** An adapter that differs from the base. */
function someAdapter(): TinyAdapter {
  const adapter = freshAdapter(12, 2, 7);
  const rng = createRng("some");
  return { ...adapter, b: adapter.b.map(() => 0.1 * rng.normal()) };
}

describe("tiny policy", () => {
  it("gives a distribution that depends on the tokens before, the base and the adapter", () => {
    const fresh = freshAdapter(12, 2, 7);
    const distribution = policy.next(fresh, [3, 1]);
    expect(distribution.reduce((sum, logProb) => sum + Math.exp(logProb), 0)).toBeCloseTo(1, 12);
    expect(policy.next(freshAdapter(12, 5, 8), [3, 1])).toEqual(distribution);
    for (const other of [
      policy.next(fresh, [1, 3]),
      policy.next(someAdapter(), [3, 1]),
      new TinyPolicy("another", 12).next(fresh, [3, 1]),
    ]) {
      expect(other).not.toEqual(distribution);
    }
  });

  it("has the gradient that finite differences have", () => {
    const adapter = someAdapter();
    const gradient = zerosLike(adapter);
    policy.addGradient(adapter, sequence, slopes, gradient);
    const value = (changed: TinyAdapter): number =>
      policy
        .logProbs(changed, sequence.inputs, sequence.targets)
        .reduce((sum, logProb, i) => sum + slopes[i]! * logProb, 0);
    const step = 1e-5;
    for (const part of ["a", "b"] as const) {
      adapter[part].forEach((_, i) => {
        const [up, down] = [copyAdapter(adapter), copyAdapter(adapter)];
        up[part][i]! += step;
        down[part][i]! -= step;
        expect(gradient[part][i]).toBeCloseTo((value(up) - value(down)) / (2 * step), 7);
      });
    }
  });
});

describe("optimiser of the fake server", () => {
  it("steps by AdamW: the first step is the learning rate against the slope's sign, after decay", () => {
    const state = freshState(someAdapter());
    const before = copyAdapter(state.adapter);
    const gradient = { ...zerosLike(before), a: before.a.map((_, i) => (i === 3 ? -0.02 : 0)) };
    adamStep(state, gradient, { learning_rate: 0.1, beta1: 0.9, beta2: 0.95, eps: 0, weight_decay: 0 }, 1);
    expect(state.adapter.a[3]).toBeCloseTo(before.a[3]! + 0.1, 12);
    adamStep(state, zerosLike(before), { learning_rate: 0.1, beta1: 0, beta2: 0, eps: 1, weight_decay: 0.5 }, 1);
    expect(state.adapter.a[3]).toBeCloseTo((before.a[3]! + 0.1) * 0.95, 12);
    expect(state.steps).toBe(2);
    expect([normOf(state.first), normOf(state.second)]).toEqual([0, 0]);
  });

  it("measures the L2 norm over both matrices", () => {
    expect(normOf({ rank: 1, a: Float64Array.of(3), b: Float64Array.of(0, -4) })).toBe(5);
  });
});
