import { describe, expect, it } from "vitest";
import { compareView } from "../search.ts";
import { pairedQuery, sidesOf } from "./sides.ts";

const choice = (runId: string, stage: string, step: number): Parameters<typeof sidesOf>[1][number] => ({
  runId,
  stage,
  step,
  split: "test",
  version: step,
  id: `${runId}:${stage}:${step}`,
  label: stage,
});
const choices = [choice("b", "base", 0), choice("b", "grpo", 8), choice("a", "base", 0), choice("a", "sft", 5)];
const view = (patch: Partial<typeof compareView.defaults>): typeof compareView.defaults => ({
  ...compareView.defaults,
  ...patch,
});

describe("sidesOf", () => {
  it("takes the last evaluations of the first two runs of the address", () => {
    expect(sidesOf(view({ runs: ["a", "b"] }), choices)).toEqual({ from: "a:sft:5", to: "b:grpo:8" });
  });

  it("compares a run alone with its base", () => {
    const own = choices.filter(({ runId }) => runId === "b");
    expect(sidesOf(view({ runs: ["b"] }), own)).toEqual({ from: "b:base:0", to: "b:grpo:8" });
  });

  it("leaves what the address names", () => {
    expect(sidesOf(view({ runs: ["a", "b"], to: "a:base:0" }), choices)).toEqual({ from: "a:sft:5", to: "a:base:0" });
  });

  it("pairs nothing with itself", () => {
    const only = choices.slice(0, 1);
    expect(sidesOf(view({ runs: ["b"] }), only)).toEqual({ from: "b:base:0", to: "" });
    expect(sidesOf(view({ runs: ["b"], to: "b:base:0" }), only)).toEqual({ from: "b:base:0", to: "b:base:0" });
  });

  it("is empty without evaluations", () => {
    expect(sidesOf(view({ runs: ["a"] }), [])).toEqual({ from: "", to: "" });
  });
});

describe("pairedQuery", () => {
  it("asks for all runs, hidden ones too, so that hiding changes no answer", () => {
    const sides = { from: "a:sft:5", to: "b:grpo:8" };
    const shown = pairedQuery(view({ runs: ["a", "b"] }), sides);
    expect(pairedQuery(view({ runs: ["a", "b"], hidden: ["a"], smooth: 0.5 }), sides)).toEqual(shown);
    expect(shown).not.toHaveProperty("outcome");
  });
});
