import { describe, expect, it } from "vitest";
import { rowChoice } from "./row-choice.ts";

describe("rowChoice", () => {
  it("adds a row's runs, and takes them away", () => {
    expect(rowChoice(["a"], ["b", "c"], 3).press(true)).toEqual(["a", "b", "c"]);
    expect(rowChoice(["a", "b"], ["b"], 3)).toMatchObject({ isChosen: true, isClosed: false });
    expect(rowChoice(["a", "b"], ["b"], 3).press(false)).toEqual(["a"]);
  });

  it("is closed to a row that does not fit, whose runs can still be taken away", () => {
    expect(rowChoice(["a", "b"], ["c", "d"], 3)).toMatchObject({ isClosed: true, isMixed: false });
    const half = rowChoice(["a", "b", "c"], ["c", "d"], 3);
    expect(half).toMatchObject({ isClosed: false, isMixed: true });
    expect(half.press(true)).toEqual(["a", "b"]);
  });
});
