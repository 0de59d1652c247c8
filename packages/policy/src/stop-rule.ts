import type { SampleRequest, SampleStop } from "@litmus/core";
import type { SequenceEngine } from "./sequence-engine.ts";

/** Whether an action ends after its last token, and why; null when it goes on. */
export function stopAfter(
  engine: Pick<SequenceEngine, "decode" | "isEndToken" | "contextTokens">,
  request: Pick<SampleRequest, "tokens" | "maxTokens" | "stopTexts">,
  action: readonly number[],
): SampleStop | null {
  const last = action.at(-1);
  if (last !== undefined && engine.isEndToken(last)) return { type: "end-token", token: last };
  const text = firstStopText(engine.decode(action), request.stopTexts);
  if (text !== null) return { type: "stop-text", text };
  if (action.length >= request.maxTokens) return { type: "max-tokens" };
  if (request.tokens.length + action.length >= engine.contextTokens) return { type: "context-full" };
  return null;
}

/** The stop text that begins first; of two that begin at once, the longer. */
export function firstStopText(text: string, stopTexts: readonly string[]): string | null {
  let found: { readonly index: number; readonly text: string } | null = null;
  for (const stop of stopTexts) {
    const index = text.indexOf(stop);
    if (index < 0) continue;
    const isBetter =
      found === null || index < found.index || (index === found.index && stop.length > found.text.length);
    if (isBetter) found = { index, text: stop };
  }
  return found?.text ?? null;
}
