import { describe, expect, it } from "vitest";
import { series } from "../../testing/run-views.ts";
import { drawnSeries } from "./drawn-series.ts";

describe("drawnSeries", () => {
  it("counts steps by steps, and other places by the mean distance of all points there are", () => {
    const whole = series({ x: [0, 500, 1000], total: 101, isDownsampled: true });
    expect(drawnSeries("step", whole).unit).toBe(1);
    expect(drawnSeries("time", whole).unit).toBe(10);
  });

  it("has the unit of the whole, whichever part is drawn", () => {
    const whole = series({ x: [0, 500, 1000], total: 101, isDownsampled: true });
    const part = series({ x: [400, 410, 420], total: 3 });
    const drawn = drawnSeries("tokens", whole, part);
    expect([drawn.unit, drawn.x]).toEqual([10, part.x]);
  });

  it("leaves out a stage that stands still, which counts nothing in the unit either", () => {
    const stage = ["sft", "sft", "sft", "grpo", "grpo", "grpo"];
    const whole = series({ x: [0, 0, 0, 10, 20, 30], low: [0, 0, 0, 1, 2, 3], high: [0, 0, 0, 4, 5, 6], stage });
    const drawn = drawnSeries("tokens", whole);
    expect(drawn).toMatchObject({ leftOut: ["sft"], unit: 10, x: [10, 20, 30], low: [1, 2, 3], stage: stage.slice(3) });
    expect(drawnSeries("tokens", whole, series({ x: [0, 10], stage: ["sft", "grpo"] })).x).toEqual([10]);
  });

  it("keeps one point of a stage where no other stands", () => {
    const evaluations = series({ x: [0, 0, 40], stage: ["base", "sft", "grpo"] });
    expect(drawnSeries("tokens", evaluations)).toMatchObject({ x: [0, 40], leftOut: ["sft"] });
    expect(drawnSeries("step", series({ x: [0, 9, 20], stage: ["base", "sft", "grpo"] })).leftOut).toEqual([]);
  });
});
