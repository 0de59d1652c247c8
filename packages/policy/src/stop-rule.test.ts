import { describe, expect, it } from "vitest";
import { firstStopText, stopAfter } from "./stop-rule.ts";

const engine = {
  contextTokens: 20,
  isEndToken: (token: number) => token === 0,
  decode: (tokens: readonly number[]) => tokens.map((token) => ["", "<a", "></b", "></", "a>x", "yz"][token]).join(""),
};
const request = { tokens: [1, 1, 1], maxTokens: 5, stopTexts: ["</a>", "<a></b"] };

describe("stopAfter", () => {
  it.each([
    [[5], null],
    [[5, 0], { type: "end-token", token: 0 }],
    [[1, 3, 4], { type: "stop-text", text: "</a>" }],
    [[1, 2], { type: "stop-text", text: "<a></b" }],
    [[5, 5, 5, 5, 5], { type: "max-tokens" }],
    [[5, 5, 1, 3, 4], { type: "stop-text", text: "</a>" }],
  ])("after %j: %j", (action, stop) => expect(stopAfter(engine, request, action)).toEqual(stop));

  it("stops where the context is full", () => {
    const long = { ...request, tokens: Array.from({ length: 18 }, () => 1) };
    expect(stopAfter(engine, long, [5])).toBeNull();
    expect(stopAfter(engine, long, [5, 5])).toEqual({ type: "context-full" });
  });
});

describe("firstStopText", () => {
  it.each([
    ["abc", ["c", "b"], "b"],
    ["abc", ["ab", "abc"], "abc"],
    ["abc", ["d"], null],
    ["", ["a"], null],
    ["abc", [], null],
  ])("of %j, the first of %j is %j", (text, stops, found) => expect(firstStopText(text, stops)).toBe(found));
});
