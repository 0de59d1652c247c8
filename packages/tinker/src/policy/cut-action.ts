import type { SampleRequest, SampleStop, Tokenizer } from "@litmus/core";
import type { SampledSequence } from "../wire/model-pass.ts";

export interface CutAction {
  readonly tokens: readonly number[];
  readonly logProbs: readonly number[];
  readonly stop: SampleStop;
}

type Limits = Pick<SampleRequest, "stopTexts" | "maxTokens"> & {
  /** Tokens that were asked for: `maxTokens`, or what the context leaves. */
  readonly askedTokens: number;
};

/**
 * Ends an action where the port says: at an end token or a stop text, the last token whole. A server may know only some of
 * the stops, so its own reason is never trusted alone.
 * @returns null when the server stopped for a reason that the tokens do not show
 */
export function cutAction(sequence: SampledSequence, tokenizer: Tokenizer, limits: Limits): CutAction | null {
  const { tokens, logProbs, stopReason } = sequence;
  const stopped = firstStop(tokens.slice(0, limits.askedTokens), tokenizer, limits.stopTexts);
  if (stopped !== null) {
    const { length, stop } = stopped;
    return { tokens: tokens.slice(0, length), logProbs: logProbs.slice(0, length), stop };
  }
  if (tokens.length < limits.askedTokens && stopReason === "stop") return null;
  const isWhole = tokens.length >= limits.maxTokens;
  return {
    tokens: tokens.slice(0, limits.askedTokens),
    logProbs: logProbs.slice(0, limits.askedTokens),
    stop: { type: isWhole ? "max-tokens" : "context-full" },
  };
}

function firstStop(
  tokens: readonly number[],
  tokenizer: Tokenizer,
  stopTexts: readonly string[],
): { readonly length: number; readonly stop: SampleStop } | null {
  const end = tokens.findIndex((token) => tokenizer.endTokens.includes(token));
  const longest = end < 0 ? tokens.length : end + 1;
  const mayHoldText = firstText(tokenizer.decode(tokens.slice(0, longest)), stopTexts) !== null;
  for (let length = 1; mayHoldText && length <= longest; length++) {
    const text = firstText(tokenizer.decode(tokens.slice(0, length)), stopTexts);
    if (text !== null) return { length, stop: { type: "stop-text", text } };
  }
  return end < 0 ? null : { length: longest, stop: { type: "end-token", token: tokens[end] as number } };
}

/** The stop text that begins first; of two that begin at once, the longer. */
function firstText(text: string, stopTexts: readonly string[]): string | null {
  const found = stopTexts
    .map((stop) => ({ stop, index: text.indexOf(stop) }))
    .filter(({ index }) => index >= 0)
    .sort((a, b) => a.index - b.index || b.stop.length - a.stop.length);
  return found[0]?.stop ?? null;
}
