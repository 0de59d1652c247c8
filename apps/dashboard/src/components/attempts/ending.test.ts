import { expect, it } from "vitest";
import { endingLabel, endingSentence } from "./ending.ts";

it("says why an episode ended, also for a reason of another version", () => {
  expect(endingSentence({ type: "stopped", reason: "max_turns" })).toMatch(/another search/);
  expect(endingSentence({ type: "stopped", reason: "toString" })).toBe("Ended: toString");
  expect(endingLabel({ type: "stopped", reason: "other" })).toBe("ended");
  const failed = { type: "failed", boundary: "timeout", code: "deadline", message: "60 s passed" } as const;
  expect(endingSentence(failed)).toBe("Failed at timeout: 60 s passed");
  expect(endingLabel(failed)).toBe("timeout failure");
  expect(endingLabel({ type: "stopped", reason: "max_turns" })).toBe("max turns");
});
