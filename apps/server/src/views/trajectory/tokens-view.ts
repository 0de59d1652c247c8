import type { TokenPage, TokensQuery } from "@litmus/api";
import { actionPositions, type TrajectoryId } from "@litmus/core";
import { knownRun } from "../known-run.ts";
import type { StoreReads } from "../store-reads.ts";
import { knownTrajectory } from "./known-trajectory.ts";
import type { SpellTokens } from "../../app-options.ts";
import { spellsNothing } from "./spell-tokens.ts";

/** Some tokens of a trajectory, as columns. @throws LitmusError `not-found` when there is no such trajectory */
export async function tokensView(
  reads: StoreReads,
  id: TrajectoryId,
  { query, spellTokens = spellsNothing }: { readonly query: TokensQuery; readonly spellTokens?: SpellTokens },
): Promise<TokenPage> {
  const { stored, trained } = await knownTrajectory(reads, id);
  const { key, trajectory } = stored;
  const run = await knownRun(reads, key.runId);
  const total = trajectory.tokens.length;
  const from = Math.min(query.from, total);
  const to = Math.min(from + query.limit, total);
  const ids = trajectory.tokens.slice(from, to);
  const texts = await spellTokens(trajectory.policy, run, ids);
  const positions = actionPositions(trajectory);
  const column = (values: readonly number[] | null | undefined): (number | null)[] =>
    placed({ positions, values: values ?? [], from, to });
  return {
    from,
    to,
    total,
    ids,
    texts: texts === null ? null : [...texts],
    segments: trajectory.segments
      .filter(({ start, end }) => start < to && end > from)
      .map((segment) => ({ ...segment })),
    logProbs: column(trajectory.logProbs),
    advantages: column(trained?.advantages),
    trainerLogProbs: column(trained?.trainerLogProbs),
  };
}

interface Column {
  /** Of the action tokens, ascending. */
  readonly positions: readonly number[];
  /** Aligned with them; empty where there are none. */
  readonly values: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** A value for each token of the page; null of tokens that nobody sampled, and where a value is no number. */
function placed({ positions, values, from, to }: Column): (number | null)[] {
  const column = Array.from({ length: to - from }, (): number | null => null);
  positions.forEach((position, index) => {
    const value = values[index];
    if (position >= from && position < to && Number.isFinite(value)) column[position - from] = value ?? null;
  });
  return column;
}
