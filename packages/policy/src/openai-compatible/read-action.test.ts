import type { Outcome } from "@litmus/core";
import { createByteTokenizer } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import type { EngineAction } from "./engine-dialect.ts";
import { readAction } from "./read-action.ts";
import type { ReadAction } from "./read-action.ts";

const tokenizer = createByteTokenizer();
const { endOfSequence } = tokenizer.special;
const bounds = { tokenizer, contextTokens: 100 };
const context = tokenizer.encode("Question");

/** What a faithful engine says of having sampled a text. */
function said(text: string, changes: Partial<EngineAction> = {}, ended: readonly number[] = []): EngineAction {
  const tokens = [...tokenizer.encode(text), ...ended];
  return {
    promptTokens: context,
    promptCount: context.length,
    tokens,
    sampledCount: tokens.length,
    logProbs: tokens.map((_, i) => -0.5 - i),
    finish: "stop",
    cachedCount: 0,
    ...changes,
  };
}

function read(action: EngineAction, changes: { maxTokens?: number; stopTexts?: string[] } = {}): Outcome<ReadAction> {
  return readAction(action, { tokens: context, maxTokens: 20, stopTexts: ["</a>"], ...changes }, bounds);
}

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? "ok" : outcome.failure.code);

describe("readAction", () => {
  it("keeps an end token as a part of the action", () => {
    expect(read(said("yes", {}, [endOfSequence]))).toEqual({
      ok: true,
      value: {
        tokens: [...tokenizer.encode("yes"), endOfSequence],
        logProbs: [-0.5, -1.5, -2.5, -3.5],
        stop: { type: "end-token", token: endOfSequence },
      },
    });
  });

  it("ends an action with the token that completes a stop text, whatever the engine sampled beyond", () => {
    for (const beyond of ["", "!", " and more"]) {
      const outcome = read(said(`x</a>${beyond}`, { finish: beyond === "" ? "stop" : "length" }));
      expect(outcome).toMatchObject({ ok: true, value: { stop: { type: "stop-text", text: "</a>" } } });
      expect(outcome.ok && tokenizer.decode(outcome.value.tokens)).toBe("x</a>");
      expect(outcome.ok && outcome.value.logProbs).toHaveLength(5);
    }
  });

  it("ends an action at its first end token, even before a stop text", () => {
    const tokens = [...tokenizer.encode("no"), endOfSequence, ...tokenizer.encode("</a>")];
    const outcome = read(said("", { tokens, sampledCount: 7, logProbs: tokens.map(() => -1) }));
    expect(outcome).toMatchObject({ ok: true, value: { stop: { type: "end-token" } } });
    expect(outcome.ok && outcome.value.tokens).toHaveLength(3);
  });

  it("cuts what is longer than asked for", () => {
    const outcome = read(said("abcdef", { finish: "length" }), { maxTokens: 4 });
    expect(outcome).toMatchObject({
      ok: true,
      value: { stop: { type: "max-tokens" }, logProbs: [-0.5, -1.5, -2.5, -3.5] },
    });
  });

  it("says when the context is full", () => {
    const text = "z".repeat(bounds.contextTokens - context.length);
    const outcome = read(said(text, { finish: "length" }), { maxTokens: 1000 });
    expect(outcome).toMatchObject({ ok: true, value: { stop: { type: "context-full" } } });
  });

  it.each<[string, EngineAction]>([
    ["token-ids-missing", said("yes", { tokens: null })],
    ["log-probs-missing", said("yes", { logProbs: null })],
    ["log-probs-missing", said("yes", { logProbs: [-1, -1] })],
    ["log-probs-missing", said("yes", { logProbs: [-1, null, -1] })],
    ["log-probs-missing", said("yes", { logProbs: [-1, -Infinity, -1] })],
    ["log-probs-missing", said("yes", { logProbs: [0.4, 0.5, 0.9] })],
    ["unknown-token", said("yes", { tokens: [1, 2, tokenizer.vocabularySize] })],
    ["prompt-changed", said("yes", { promptTokens: [256, ...context] })],
    ["prompt-changed", said("yes", { promptTokens: [...context.slice(0, -1), 7] })],
    ["prompt-changed", said("yes", { promptTokens: context.slice(0, -1) })],
    ["prompt-changed", said("yes", { promptTokens: [...context, 7] })],
    ["prompt-changed", said("yes", { promptTokens: null, promptCount: context.length + 1 })],
    ["action-truncated", said("yes", { finish: "aborted" })],
    ["action-truncated", said("yes", { finish: "length" })],
    ["action-truncated", said("yes", { sampledCount: 4 })],
    ["action-truncated", said("", { finish: "length" })],
    ["end-token-missing", said("yes")],
    ["end-token-missing", said("yes</a")],
  ])("refuses with %s", (code, action) => {
    expect(codeOf(read(action))).toBe(code);
  });

  it("believes engines that echo no context, as long as they count", () => {
    expect(codeOf(read(said("yes</a>", { promptTokens: null })))).toBe("ok");
    expect(codeOf(read(said("yes</a>", { promptTokens: null, promptCount: null })))).toBe("ok");
  });

  it("finds a stop text in a long action with few decodings", () => {
    let decodings = 0;
    const counting = { ...tokenizer, decode: (tokens: readonly number[]) => (decodings++, tokenizer.decode(tokens)) };
    const text = `${"a".repeat(1000)}</a>${"b".repeat(1000)}`;
    const request = { tokens: context, maxTokens: 5000, stopTexts: ["</a>"] };
    const outcome = readAction(said(text), request, { tokenizer: counting, contextTokens: 10_000 });
    expect(outcome.ok && outcome.value.tokens).toHaveLength(1004);
    expect(decodings).toBeLessThan(20);
  });
});
