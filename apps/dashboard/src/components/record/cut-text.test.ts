import { expect, it } from "vitest";
import { cutText } from "./cut-text.ts";

it("cuts a text at a length, but never through a character", () => {
  expect(cutText("abcd", 4)).toBe("abcd");
  expect(cutText("abcde", 4)).toBe("abcd");
  expect(cutText("abc😀d", 4)).toBe("abc");
  expect(cutText("abc😀d", 5)).toBe("abc😀");
});
