import { expect, it } from "vitest";
import { runOfEvaluation } from "./run-of-evaluation.ts";

it("finds the run of an evaluation, also where its id holds a colon", () => {
  expect(["run-1:base:0", "a:b:grpo:12"].map(runOfEvaluation)).toEqual(["run-1", "a:b"]);
});
