import type { RunHead } from "@litmus/api";
import { expect, it } from "vitest";
import { runHead } from "../../testing/trajectory-views.ts";
import { comparedCurves } from "./compared-curves.ts";
import { runLooks } from "./run-labels.ts";

const head = (id: string, name: string, seed: number): RunHead => ({ ...runHead, id, name, seed });
const heads = [head("a1", "short", 1), head("b1", "long", 1), head("a2", "short", 2), head("c1", "alone", 1)];
const looks = runLooks(["c1", "a2", "b1", "a1"], heads);
const [short, long] = [
  ["a1", "a2", "a3"],
  ["b1", "b2"],
];
const seeds = { a1: short, a2: short, b1: long, c1: ["c1"] };

it("draws each run by itself unless told", () => {
  expect(comparedCurves(looks, seeds, false).map(({ source, id, label }) => [source, id, label])).toEqual([
    ["c1", "c1", "alone"],
    ["a2", "a2", "short, seed 2"],
    ["b1", "b1", "long"],
    ["a1", "a1", "short, seed 1"],
  ]);
});

it("draws runs that differ in the seed alone as one line, by the first of them, and of all their seeds", () => {
  expect(comparedCurves(looks, seeds, true)).toEqual([
    { source: "c1", id: "c1", runIds: ["c1"], label: "alone", slot: 0 },
    { source: "seeds:a2", id: "a2", runIds: short, label: "short: mean of 3 seeds", slot: 1 },
    { source: "seeds:b1", id: "b1", runIds: long, label: "long: mean of 2 seeds", slot: 2 },
  ]);
});
