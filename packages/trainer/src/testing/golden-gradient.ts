/** @file What the whole model is asked in fixtures/gradient-golden.json. Tests only. */
import { createRng } from "@litmus/core";
import type { Query } from "../engine/policy-model.ts";
import type { TinyPolicyOptions } from "./tiny-policy.ts";

/** Of the tiny model: six layers, one of them global. */
export const goldenSizes = { seed: 11, layers: 6 } satisfies Partial<TinyPolicyOptions>;

/** A policy token with the slopes of a loss in its log-probability and its entropy. */
export interface SlopedQuery extends Query {
  readonly logProbSlopes: readonly number[];
  readonly entropySlopes: readonly number[];
}

/** Two that share their beginning and one that does not, longer than the window. */
export const goldenQueries: readonly SlopedQuery[] = makeQueries();

function makeQueries(): SlopedQuery[] {
  const rng = createRng("golden gradient");
  const tokens = (count: number): number[] => Array.from({ length: count }, () => rng.integer(128));
  const shared = tokens(18);
  const query = (all: readonly number[], positions: readonly number[]): SlopedQuery => ({
    tokens: all,
    positions,
    logProbSlopes: positions.map(() => rng.normal()),
    entropySlopes: positions.map(() => 0.3 * rng.normal()),
  });
  return [
    query([...shared, ...tokens(7)], [5, 17, 18, 24]),
    query([...shared, ...tokens(4)], [19, 20, 21]),
    query(tokens(11), [1, 2, 9, 10]),
  ];
}
