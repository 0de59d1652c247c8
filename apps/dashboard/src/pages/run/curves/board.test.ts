import type { MetricInfo } from "@litmus/api";
import { describe, expect, it } from "vitest";
import { fixedBoard, otherMetrics } from "./board.ts";

const metric = (name: string): MetricInfo => ({ name, label: name, unit: "", hint: "", group: "other" });
const metrics = ["weightMean", "seconds", "stop.completed", "meanKl", "reward", "stop.max_turns", "mine"].map(metric);

describe("fixedBoard", () => {
  it("stands in its own order, whatever that of the run, without what the run has not", () => {
    expect(fixedBoard(metrics).map(({ title, charts }) => [title, charts.map(({ id }) => id)])).toEqual([
      ["Learning", ["reward"]],
      ["Stability", ["meanKl"]],
      ["Behaviour", ["stop"]],
      ["Performance", ["seconds"]],
    ]);
  });

  it("draws the stop reasons, which divide one whole, in one chart", () => {
    const [stop] = fixedBoard(metrics).flatMap(({ charts }) => charts.filter(({ id }) => id === "stop"));
    expect(stop?.metrics.map(({ name }) => name)).toEqual(["stop.completed", "stop.max_turns"]);
  });

  it("leaves every other metric to be found by name", () => {
    expect(otherMetrics(metrics).map(({ name }) => name)).toEqual(["weightMean", "mine"]);
  });
});
