import { describe, expect, it } from "vitest";
import { series } from "../../testing/run-views.ts";
import { smooth } from "../charts/smooth.ts";
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
    expect([drawn.unit, drawn.shown, drawn.total]).toEqual([10, 3, 3]);
  });

  it("has the part in its place, and the whole before and after it", () => {
    const whole = series({ x: [0, 4, 8, 12], y: [0, 1, 2, 3], low: null, high: null, n: [2, 2, 2, 2] });
    const part = series({ x: [4, 6, 8], y: [1, 9, 2], low: [0, 8, 1], high: [2, 10, 3], n: [2, 1, 2] });
    expect(drawnSeries("step", whole, part)).toMatchObject({
      x: [0, 4, 6, 8, 12],
      y: [0, 1, 9, 2, 3],
      low: [null, 0, 8, 1, null],
      n: [2, 2, 1, 2, 2],
    });
    expect(drawnSeries("step", whole, series({ x: [] })).x).toEqual(whole.x);
  });

  it("smooths a part as the whole, whose points it begins with", () => {
    const all = Array.from({ length: 400 }, (_, i) => i + 1);
    const line = (x: number[]) => series({ x, y: x.map((at) => (at <= 200 ? 0 : 1)), total: 400 });
    const drawn = drawnSeries("step", line(all.filter((at) => at % 10 === 0)), line(all.slice(209, 230)));
    const at220 = smooth(drawn, 0.95)[drawn.x.indexOf(220)] ?? Number.NaN;
    const plain = smooth(line(all), 0.95)[219] ?? Number.NaN;
    expect(at220).toBeCloseTo(plain, 4);
    expect(smooth(line(all.slice(209, 230)), 0.95)[10]).toBe(1);
  });

  it("leaves out a stage that stands still, which counts nothing in the unit either", () => {
    const stage = ["sft", "sft", "sft", "grpo", "grpo", "grpo"];
    const whole = series({ x: [0, 0, 0, 10, 20, 30], low: [0, 0, 0, 1, 2, 3], high: [0, 0, 0, 4, 5, 6], stage });
    const drawn = drawnSeries("tokens", whole);
    expect(drawn).toMatchObject({ leftOut: ["sft"], unit: 10, x: [10, 20, 30], low: [1, 2, 3], stage: stage.slice(3) });
    expect(drawnSeries("tokens", whole, series({ x: [0, 10], stage: ["sft", "grpo"] })).x).toEqual([10, 20, 30]);
  });

  it("keeps one point of a stage where no other stands", () => {
    const evaluations = series({ x: [0, 0, 40], stage: ["base", "sft", "grpo"] });
    expect(drawnSeries("tokens", evaluations)).toMatchObject({ x: [0, 40], leftOut: ["sft"] });
    expect(drawnSeries("step", series({ x: [0, 9, 20], stage: ["base", "sft", "grpo"] })).leftOut).toEqual([]);
  });
});
