import type { Leaderboard, LeaderboardEntry } from "@litmus/api";

export interface PolicyRows {
  readonly rows: readonly LeaderboardEntry[];
  /** Ids of those that stay on top. */
  readonly pinned: ReadonlySet<string>;
}

/** The best baseline of each kind and model on top, then the others in the order that the server gave. */
export function policyRows({ baselines, entries }: Pick<Leaderboard, "baselines" | "entries">): PolicyRows {
  const groups = Map.groupBy(baselines, ({ kind, model }) => `${kind}\n${model}`);
  const best = [...groups.values()].flatMap(([first]) => first ?? []);
  const pinned = new Set(best.map(({ id }) => id));
  return { rows: [...best, ...entries.filter(({ id }) => !pinned.has(id))], pinned };
}
