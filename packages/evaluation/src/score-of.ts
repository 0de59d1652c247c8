import type { StoredTrajectory } from "@litmus/core";

/** Score of one reward component; null when the episode, or its scoring, failed. */
export function scoreOf(entry: StoredTrajectory, component: "exactMatch" | "format"): number | null {
  return entry.reward?.components.find(({ name }) => name === component)?.score ?? null;
}

/** Mean, or null without a value: never 0 for nothing. */
export function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How often each name occurs, most frequent first, then by name. */
export function countNames(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
