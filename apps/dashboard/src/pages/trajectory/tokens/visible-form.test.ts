import { expect, it } from "vitest";
import { visibleForm } from "./visible-form.ts";

it("draws what could not be seen, and nothing beside what can", () => {
  expect(visibleForm(" the")).toBeNull();
  expect(visibleForm("é😀")).toBeNull();
  expect(visibleForm("  ")).toBe("␣␣");
  expect(visibleForm("\n\n")).toBe("⏎⏎");
  expect(visibleForm("\t")).toBe("⇥");
  expect(visibleForm("\u202e")).toBe("[U+202E]");
  expect(visibleForm("\u0000\u200b")).toBe("[U+0000][U+200B]");
  expect(visibleForm("\ud83d")).toBe("[U+D83D]");
  expect(visibleForm("")).toBe("∅");
});
