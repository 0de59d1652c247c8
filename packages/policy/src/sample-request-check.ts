import type { Failure, SampleRequest, ScoreRequest } from "@litmus/core";
import { z } from "zod";
import { sampleRequestSchema, scoreRequestSchema } from "./model-messages.ts";

/** What a request must fit into. */
export interface RequestBounds {
  readonly vocabularySize: number;
  readonly contextTokens: number;
}

/** Null when the request can be answered. */
export function checkSampleRequest(request: SampleRequest, bounds: RequestBounds): Failure | null {
  const parsed = sampleRequestSchema.safeParse(request);
  if (!parsed.success) return invalidRequest(z.prettifyError(parsed.error));
  return checkTokens(request.tokens, bounds);
}

/** Null when the request can be answered. */
export function checkScoreRequest(request: ScoreRequest, bounds: RequestBounds): Failure | null {
  const parsed = scoreRequestSchema.safeParse(request);
  if (!parsed.success) return invalidRequest(z.prettifyError(parsed.error));
  const { tokens, positions } = request;
  const outside = positions.find(
    (position, i) => position < 1 || position >= tokens.length || position <= (positions[i - 1] ?? 0),
  );
  if (outside !== undefined) return invalidRequest(`position ${outside} is not ascending in [1, ${tokens.length})`);
  if (tokens.length > bounds.contextTokens) {
    return invalidRequest(`${tokens.length} tokens do not fit in a context of ${bounds.contextTokens}`);
  }
  return checkTokens(tokens, bounds);
}

function checkTokens(tokens: readonly number[], { vocabularySize }: RequestBounds): Failure | null {
  const unknown = tokens.find((token) => token >= vocabularySize);
  return unknown === undefined
    ? null
    : invalidRequest(`token ${unknown} is not in the vocabulary of ${vocabularySize}`);
}

function invalidRequest(message: string): Failure {
  return { boundary: "policy", code: "invalid-request", message, retryable: false };
}
