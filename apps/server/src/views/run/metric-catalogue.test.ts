import { describe, expect, it } from "vitest";
import { evaluationCurves } from "../series/evaluation-curves.ts";
import { metricInfo, metricInfos, stopMetric, stopOf } from "./metric-catalogue.ts";

describe("metric catalogue", () => {
  it("knows every name that a supervised step and an evaluation give", () => {
    const names = [
      "tokens",
      "loss",
      "gradientNorm",
      "learningRate",
      "seconds",
      "refusedUpdates",
      ...Object.keys(evaluationCurves),
    ];
    expect(names.map(metricInfo).filter(({ group }) => group === "other")).toEqual([]);
  });

  it("names how episodes ended", () => {
    expect(metricInfo(stopMetric("max_turns"))).toMatchObject({
      name: "stop.max_turns",
      label: "Ended by max turns",
      unit: "share",
    });
    expect([stopOf("stop.max_turns"), stopOf("reward")]).toEqual(["max_turns", null]);
  });

  it("orders by the board, then ends of episodes, then others by name, each once", () => {
    const names = ["z", "stop.completed", "seconds", "a", "reward", "z", "evaluation.exactMatch"];
    expect(metricInfos(names).map(({ name }) => name)).toEqual([
      "reward",
      "evaluation.exactMatch",
      "seconds",
      "stop.completed",
      "a",
      "z",
    ]);
  });
});
