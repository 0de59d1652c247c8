import type { RunHead } from "@litmus/api";
import { describe, expect, it } from "vitest";
import { runLooks } from "./run-labels.ts";

const head = (id: string, name: string, seed: number | null): RunHead => ({
  id,
  name,
  status: "finished",
  seed,
  configHash: "",
  createdAt: "",
  finishedAt: null,
});

const labels = (runs: readonly RunHead[]): string[] =>
  runLooks(
    runs.map(({ id }) => id),
    runs,
  ).map(({ label }) => label);

describe("runLooks", () => {
  it("names a run by as little as tells it from the others", () => {
    expect(labels([head("a", "short", 1), head("b", "long", 1)])).toEqual(["short", "long"]);
    expect(labels([head("a", "short", 1), head("b", "short", 2)])).toEqual(["short, seed 1", "short, seed 2"]);
    expect(labels([head("aaaaaaaa1", "short", 1), head("bbbbbbbb2", "short", 1), head("c", "short", null)])).toEqual([
      "short, seed 1, aaaaaaaa",
      "short, seed 1, bbbbbbbb",
      "short",
    ]);
  });

  it("keeps the order of the address, and the place of runs that the server does not know", () => {
    const looks = runLooks(["gone", "b", "a"], [head("a", "one", 1), head("b", "two", 1)]);
    expect(looks.map(({ run, slot }) => [run.id, slot])).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
  });
});
