import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAction } from "./parse-action.ts";

describe("parseAction", () => {
  it.each([
    ["<think>a</think>\n<search>insulin receptor</search>", { type: "search", query: "insulin receptor" }],
    ["<search> two\n lines </search>", { type: "search", query: "two lines" }],
    ["<answer>insulin</answer>", { type: "answer", answer: "insulin", cited: [] }],
    ["<cite>EX01, EX02</cite>\n<answer>x</answer>", { type: "answer", answer: "x", cited: ["EX01", "EX02"] }],
    ["<cite>[EX01] [EX01]; (7).</cite><answer>x</answer>", { type: "answer", answer: "x", cited: ["EX01", "7"] }],
    ["<cite>a</cite><cite>b</cite><answer>x</answer>", { type: "answer", answer: "x", cited: ["a", "b"] }],
    ["<cite></cite><answer>x</answer>", { type: "answer", answer: "x", cited: [] }],
    ["no think at all <answer>x</answer>", { type: "answer", answer: "x", cited: [] }],
    ["<think>never closed <answer>x</answer>", { type: "answer", answer: "x", cited: [] }],
  ])("reads %j", (text, action) => expect(parseAction(text)).toEqual(action));

  it("lets the first complete pair decide and ignores what follows it", () => {
    expect(parseAction("<search>a</search><answer>b</answer>")).toEqual({ type: "search", query: "a" });
    expect(parseAction("<answer>b</answer>\n<cite>EX01</cite>")).toEqual({ type: "answer", answer: "b", cited: [] });
    expect(parseAction("<answer>b</answer><information>")).toEqual({ type: "answer", answer: "b", cited: [] });
  });

  it.each([
    ["", "empty action"],
    ["  \n", "empty action"],
    ["insulin", "neither a search nor an answer"],
    ["<search>insulin", "the search tag is not closed"],
    ["<answer>insulin", "the answer tag is not closed"],
    ["<answer>insulin</search>", "the answer tag is not closed"],
    ["<search>  </search>", "empty search"],
    ["<answer>\n</answer>", "empty answer"],
    ["<answer></answer>", "empty answer"],
    ["<search>a<search>b</search>", "a tag inside the search tag"],
    ["<answer><cite>EX01</cite>x</answer>", "a tag inside the answer tag"],
    ["<information>[EX01] x</information><answer>x</answer>", "the action writes its own information block"],
    ["</information><answer>x</answer>", "the action writes its own information block"],
    ["<Answer>x</Answer>", "neither a search nor an answer"],
    ["< answer>x</ answer>", "neither a search nor an answer"],
    ["＜answer＞x＜/answer＞", "neither a search nor an answer"],
  ])("calls %j malformed: %s", (text, reason) => expect(parseAction(text)).toEqual({ type: "malformed", reason }));

  it("keeps a long answer: the verifier decides", () => {
    const answer = "x".repeat(5_000);
    expect(parseAction(`<answer>${answer}</answer>`)).toEqual({ type: "answer", answer, cited: [] });
  });

  it("caps the ids that one answer cites", () => {
    const ids = Array.from({ length: 1_000 }, (_, i) => `R${i}`);
    const action = parseAction(`<cite>${ids.join(" ")}</cite><answer>x</answer>`);
    expect(action.type === "answer" && action.cited).toEqual(ids.slice(0, 20));
  });

  it("never throws, and never gives back an empty or tagged content", () => {
    const piece = fc.constantFrom(
      "<search>",
      "</search>",
      "<answer>",
      "</answer>",
      "<cite>",
      "</cite>",
      "<information>",
      "</information>",
      "a",
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
        const action = parseAction(pieces.join(""));
        const content = action.type === "search" ? action.query : action.type === "answer" ? action.answer : "x";
        expect(content.trim()).not.toBe("");
        expect(content).not.toMatch(/<\/?(think|search|cite|answer|information)>/);
      }),
      { numRuns: 500 },
    );
  });

  it("stays quick on hostile repetition", () => {
    const start = performance.now();
    parseAction("<search>".repeat(5_000));
    parseAction(`${"<cite>".repeat(5_000)}<answer>x</answer>`);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
