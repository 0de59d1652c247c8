import { createByteTokenizer } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { cutAction } from "./cut-action.ts";

const tokenizer = createByteTokenizer();
const { endOfSequence } = tokenizer.special;

function cut(
  tokens: readonly number[],
  change: Partial<Parameters<typeof cutAction>[2]> = {},
  stopReason: "stop" | "length" = "stop",
) {
  const logProbs = tokens.map((_, i) => -i);
  const limits = { stopTexts: ["</a>", "b</a>!"], maxTokens: 20, askedTokens: 20, ...change };
  return cutAction({ tokens, logProbs, stopReason }, tokenizer, limits);
}

describe("an action", () => {
  const text = tokenizer.encode("ab</a>");

  it("ends at the first stop text, also where the server has gone on", () => {
    const expected = { tokens: text, logProbs: [-0, -1, -2, -3, -4, -5], stop: { type: "stop-text", text: "</a>" } };
    expect(cut(text)).toEqual(expected);
    expect(cut([...text, ...tokenizer.encode("more"), endOfSequence], {}, "length")).toEqual(expected);
  });

  it("ends at an end token that comes before, which a server with stop texts does not know", () => {
    expect(cut([65, endOfSequence, ...text])).toMatchObject({
      tokens: [65, endOfSequence],
      stop: { type: "end-token", token: endOfSequence },
    });
  });

  it("ends where tokens or context do", () => {
    expect(cut([65, 66], { maxTokens: 2, askedTokens: 2 }, "length")).toMatchObject({ stop: { type: "max-tokens" } });
    expect(cut([65, 66], { maxTokens: 9, askedTokens: 2 }, "length")).toMatchObject({ stop: { type: "context-full" } });
    expect(cut([65, 66], {}, "length")).toMatchObject({ stop: { type: "context-full" } });
    expect(cut([65, 66, 67], { maxTokens: 2, askedTokens: 2 }, "length")).toMatchObject({
      tokens: [65, 66],
      logProbs: [-0, -1],
    });
  });

  it("that ended for a reason its tokens do not show is not taken", () => {
    expect(cut([65, 66])).toBeNull();
  });
});
