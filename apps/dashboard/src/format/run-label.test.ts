import { expect, it } from "vitest";
import { runLabel } from "./run-label.ts";

it.each([
  ["quickstart", "quickstart"],
  ["\u200b\t a", "\u200b\t a"],
  ["", "run-1"],
  [" \t\n", "run-1"],
  ["\u200b\u2060\u0000", "run-1"],
])("calls a run of the name %j %j", (name, label) => {
  expect(runLabel(name, "run-1")).toBe(label);
});
