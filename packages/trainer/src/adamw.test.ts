import { describe, expect, it } from "vitest";
import { adamwStep } from "./adamw.ts";
import type { TrainingState } from "./adamw.ts";

const settings = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01, maxGradientNorm: 100 };
const fresh = (...parameters: number[]): TrainingState => ({
  parameters: Float32Array.from(parameters),
  firstMoment: new Float32Array(parameters.length),
  secondMoment: new Float32Array(parameters.length),
  updates: 0,
});

describe("adamwStep", () => {
  it("moves by the learning rate against the sign at the first step, whatever the size, and decays apart from it", () => {
    const state = fresh(1, 2);
    const result = adamwStep(state, Float32Array.of(0.001, -40), settings);
    expect(result.applied).toBe(true);
    expect(result.gradientNorm).toBeCloseTo(40.0000000125, 5);
    expect(state.parameters[0]).toBeCloseTo(0.999 - 0.1, 5);
    expect(state.parameters[1]).toBeCloseTo(1.998 + 0.1, 5);
  });

  it("agrees with the recurrence worked out by hand over two steps", () => {
    const state = fresh(1);
    adamwStep(state, Float32Array.of(2), { ...settings, weightDecay: 0 });
    adamwStep(state, Float32Array.of(-1), { ...settings, weightDecay: 0 });
    // m = 0.9 · 0.2 − 0.1 = 0.08, v = 0.99 · 0.04 + 0.01 = 0.0496; corrected 0.08 / 0.19 and 0.0496 / 0.0199.
    const second = (0.08 / 0.19 / Math.sqrt(0.0496 / 0.0199)) * 0.1;
    expect(state.firstMoment[0]).toBeCloseTo(0.08, 6);
    expect(state.secondMoment[0]).toBeCloseTo(0.0496, 6);
    expect(state.parameters[0]).toBeCloseTo(0.9 - second, 6);
    expect(state.updates).toBe(2);
  });

  it("clips the global norm but reports it unclipped", () => {
    const [clipped, unit] = [fresh(0, 0), fresh(0, 0)];
    const result = adamwStep(clipped, Float32Array.of(30, 40), { ...settings, maxGradientNorm: 1 });
    adamwStep(unit, Float32Array.of(0.6, 0.8), { ...settings, maxGradientNorm: 1 });
    expect(result.gradientNorm).toBe(50);
    expect([...clipped.firstMoment]).toEqual([...unit.firstMoment].map((value) => expect.closeTo(value, 6)));
  });

  it.each([NaN, Infinity, -Infinity])("changes nothing at all on a gradient of %s", (broken) => {
    const state = fresh(1, 2);
    adamwStep(state, Float32Array.of(1, 1), settings);
    const before = structuredClone(state);
    expect(adamwStep(state, Float32Array.of(1, broken), settings).applied).toBe(false);
    expect(state).toEqual(before);
  });
});
