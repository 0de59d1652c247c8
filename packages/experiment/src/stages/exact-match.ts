import type { StoredTrajectory } from "@litmus/core";

/** 1 for a right answer, else 0. */
export function exactMatchOf(entry: StoredTrajectory): number {
  return entry.reward?.components.find((component) => component.name === "exactMatch")?.score ?? 0;
}
