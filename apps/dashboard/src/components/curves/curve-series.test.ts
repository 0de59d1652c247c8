import type { RunView } from "@litmus/api";
import { describe, expect, it } from "vitest";
import { series } from "../../testing/run-views.ts";
import { pointsNote, spanOf, stageMarks } from "./curve-series.ts";
import { drawnSeries } from "./drawn-series.ts";

const stage = (name: string, firstStep: number): RunView["stages"][number] => ({
  name,
  type: name,
  steps: 2,
  done: 2,
  firstStep,
  seconds: 1,
});
const stages = [stage("sft", 1), stage("grpo", 3)];
const loss = drawnSeries(
  "time",
  series({ x: [10, 20, 30, 40], y: [1, 2, 3, 4], stage: ["sft", "sft", "grpo", "grpo"] }),
);
const reward = drawnSeries("time", series({ x: [31, 42], y: [1, 2], stage: ["grpo", "grpo"] }));

describe("stageMarks", () => {
  it("marks each stage after the first where it begins", () => {
    expect(stageMarks(stages, "step", [loss])).toEqual([{ x: 3, label: "grpo" }]);
    expect(stageMarks(stages, "time", [reward, loss])).toEqual([{ x: 30, label: "grpo" }]);
  });

  it("marks nothing of a stage without points", () => {
    expect(stageMarks(stages, "tokens", [])).toEqual([]);
  });
});

describe("spanOf", () => {
  it("reaches to the last point of any, or to where the run is", () => {
    expect(spanOf([loss, reward], 0).to).toBe(42);
    expect(spanOf([loss], 50).to).toBe(50);
  });
});

describe("pointsNote", () => {
  it("is silent where every point is drawn", () => {
    expect(pointsNote([loss])).toBeNull();
  });

  it("says how many of how many are drawn, and what cannot be", () => {
    const sampled = { ...loss, isDownsampled: true, total: 12_000 };
    expect(pointsNote([sampled, { ...reward, notFinite: 1 }])).toBe(
      "down-sampled: 4 of 12,000 points, lowest and highest kept · 1 value is no finite number",
    );
  });

  it("says what the band is, of which line, or that the bars are", () => {
    const banded = drawnSeries("step", series({ low: [0, 0, 0], high: [1, 1, 1] }));
    expect(pointsNote([banded, banded])).toBe("band: 95 %, Wilson over the groups of a step");
    expect(pointsNote([banded], { isSmoothed: true })).toBe(
      "band of the raw values: 95 %, Wilson over the groups of a step",
    );
    expect(pointsNote([{ ...banded, metric: "evaluation.exactMatch" }], { hasPoints: true })).toBe(
      "bars: 95 %, Wilson over the questions",
    );
  });

  it("says where fewer runs are behind a mean than it is named after", () => {
    const mean = drawnSeries(
      "step",
      series({ source: "seeds:a", runIds: ["a", "b"], n: [2, 2, 1], low: [0, 0, null], high: [1, 1, null] }),
    );
    expect(pointsNote([mean])).toBe(
      "band: 95 %, Student’s t over the seeds · some points are of 1 run alone, as n says; one run has no band",
    );
    expect(pointsNote([{ ...mean, n: [2, 2, 2] }])).toBe("band: 95 %, Student’s t over the seeds");
  });

  it("says which stage stands still on this axis", () => {
    const still = drawnSeries("tokens", series({ x: [0, 0, 9], stage: ["sft", "sft", "grpo"] }));
    expect(pointsNote([still, still])).toBe("without sft: all its steps would stand at one place of this axis");
  });
});
