import { fail, succeed } from "@litmus/core";
import type { Failure, Outcome, SampleRequest, SampleStop, Tokenizer } from "@litmus/core";
import { firstStopText, stopAfter } from "../stop-rule.ts";
import type { EngineAction } from "./engine-dialect.ts";
import { engineFailure } from "./engine-failure.ts";
import type { EngineFailureCode } from "./engine-failure.ts";

/** An action that may be trained on. */
export interface ReadAction {
  readonly tokens: readonly number[];
  readonly logProbs: readonly number[];
  readonly stop: SampleStop;
}

/** What an action must fit. */
export interface ActionBounds {
  readonly tokenizer: Tokenizer;
  readonly contextTokens: number;
}

type Sampled = Pick<ReadAction, "tokens" | "logProbs">;
type Asked = Pick<SampleRequest, "tokens" | "maxTokens" | "stopTexts">;

/**
 * Believes an engine's action, or says why not. Where sampling ends is decided here, by ids and decoded text, and not by
 * the engine: what it sampled beyond is left out; what it stopped for must be among the ids.
 */
export function readAction(action: EngineAction, request: Asked, bounds: ActionBounds): Outcome<ReadAction> {
  const refused = refuseOther(action, request.tokens);
  if (refused !== null) return fail(refused);
  const sampled = sampledTokens(action, bounds.tokenizer.vocabularySize);
  if (!sampled.ok) return sampled;
  if (action.finish === "aborted") return refuse("action-truncated", "the engine gave up within the action");
  const { tokens, logProbs } = sampled.value;
  const { tokenizer, contextTokens } = bounds;
  const isEndToken = (token: number): boolean => tokenizer.endTokens.includes(token);
  const ended = tokens.findIndex(isEndToken);
  const longest = tokens.slice(0, Math.min(ended < 0 ? tokens.length : ended + 1, request.maxTokens));
  const kept = shortestWithStop(tokenizer, longest, request.stopTexts);
  const decode = (list: readonly number[]): string => tokenizer.decode(list);
  const stop = stopAfter({ decode, isEndToken, contextTokens }, request, kept);
  if (stop === null) return refuseEnd(action, kept.length, request.maxTokens);
  return succeed({ tokens: kept, logProbs: logProbs.slice(0, kept.length), stop });
}

/** A context that was not asked for. */
function refuseOther(action: EngineAction, asked: readonly number[]): Failure | null {
  const { promptTokens, promptCount } = action;
  const changed = promptTokens === null ? -1 : asked.findIndex((token, i) => promptTokens[i] !== token);
  if (changed >= 0) {
    const message = `the engine evaluated ${promptTokens?.[changed] ?? "nothing"} at position ${changed}, not ${asked[changed]}`;
    return engineFailure("prompt-changed", message);
  }
  const evaluated = promptTokens?.length ?? promptCount;
  if (evaluated === null || evaluated === asked.length) return null;
  return engineFailure(
    "prompt-changed",
    `the engine evaluated ${evaluated} tokens, not the ${asked.length} it was given`,
  );
}

function sampledTokens(action: EngineAction, vocabularySize: number): Outcome<Sampled> {
  const { tokens, logProbs, sampledCount } = action;
  if (tokens === null) return refuse("token-ids-missing", "the engine gave no token ids");
  if (logProbs === null) return refuse("log-probs-missing", "the engine gave no log-probabilities");
  if (sampledCount !== null && sampledCount !== tokens.length) {
    return refuse("action-truncated", `the engine sampled ${sampledCount} tokens but gave ${tokens.length}`);
  }
  if (logProbs.length !== tokens.length) {
    return refuse("log-probs-missing", `${logProbs.length} log-probabilities came with ${tokens.length} tokens`);
  }
  const unknown = tokens.find((token) => token >= vocabularySize);
  if (unknown !== undefined) {
    return refuse("unknown-token", `the engine sampled ${unknown}, outside of the vocabulary of ${vocabularySize}`);
  }
  // Rounding in single precision can lift a certain token a little above 0.
  const bad = logProbs.findIndex((value) => value === null || !Number.isFinite(value) || value > 1e-3);
  if (bad >= 0) return refuse("log-probs-missing", `the log-probability of token ${bad} is ${logProbs[bad]}`);
  return succeed({ tokens, logProbs: logProbs as readonly number[] });
}

/** The shortest beginning that holds a stop text: found by halves, since a longer one holds it too. */
function shortestWithStop(
  tokenizer: Tokenizer,
  tokens: readonly number[],
  stopTexts: readonly string[],
): readonly number[] {
  const holds = (length: number): boolean =>
    firstStopText(tokenizer.decode(tokens.slice(0, length)), stopTexts) !== null;
  if (!holds(tokens.length)) return tokens;
  let [without, withStop] = [0, tokens.length];
  while (withStop - without > 1) {
    const middle = Math.floor((without + withStop) / 2);
    if (holds(middle)) withStop = middle;
    else without = middle;
  }
  return tokens.slice(0, withStop);
}

/** The engine ended the action, and its tokens do not say why. */
function refuseEnd(action: EngineAction, length: number, maxTokens: number): Outcome<never> {
  if (action.finish === "length") {
    return refuse("action-truncated", `the engine ended the action after ${length} of ${maxTokens} tokens`);
  }
  return refuse("end-token-missing", "the engine stopped, but the action holds neither an end token nor a stop text");
}

function refuse(code: EngineFailureCode, message: string): Outcome<never> {
  return fail(engineFailure(code, message));
}
