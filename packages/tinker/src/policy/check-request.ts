import type { Failure, SampleRequest, ScoreRequest } from "@litmus/core";

interface Bounds {
  readonly vocabularySize: number;
  readonly contextTokens: number;
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;

/** Null when the request can be answered by a Tinker server. */
export function checkSampleRequest(request: SampleRequest, bounds: Bounds): Failure | null {
  const { tokens, maxTokens, temperature, seed, stopTexts } = request;
  if (tokens.length === 0) return invalid("the context has no token");
  if (!isCount(maxTokens)) return invalid(`maxTokens is ${maxTokens}`);
  if (!(temperature >= 0 && Number.isFinite(temperature))) return invalid(`the temperature is ${temperature}`);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) return invalid(`the seed is ${seed}`);
  if (stopTexts.includes("")) return invalid("a stop text is empty");
  if (temperature !== 0 && temperature !== 1) {
    // Servers report log-probabilities at temperature 1, whatever they draw at.
    const message = `a Tinker server gives no log-probabilities at temperature ${temperature}: only 0 and 1 can be used`;
    return { boundary: "policy", code: "unsupported-temperature", message, retryable: false };
  }
  return checkTokens(tokens, bounds);
}

/** Null when the request can be answered. */
export function checkScoreRequest({ tokens, positions }: ScoreRequest, bounds: Bounds): Failure | null {
  const outside = positions.find(
    (position, i) => !isCount(position) || position >= tokens.length || position <= (positions[i - 1] ?? 0),
  );
  if (outside !== undefined) return invalid(`position ${outside} is not ascending in [1, ${tokens.length})`);
  if (tokens.length > bounds.contextTokens) {
    return invalid(`${tokens.length} tokens do not fit in a context of ${bounds.contextTokens}`);
  }
  return checkTokens(tokens, bounds);
}

function checkTokens(tokens: readonly number[], { vocabularySize }: Bounds): Failure | null {
  const unknown = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= vocabularySize);
  return unknown === undefined ? null : invalid(`token ${unknown} is not in the vocabulary of ${vocabularySize}`);
}

function invalid(message: string): Failure {
  return { boundary: "policy", code: "invalid-request", message, retryable: false };
}
