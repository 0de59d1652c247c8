import type { StoredTrajectory, Trajectory } from "@litmus/core";

/** A stored trajectory without its clock readings. */
export interface TimelessTrajectory extends Omit<StoredTrajectory, "trajectory"> {
  readonly trajectory: Omit<Trajectory, "timing">;
}

/** What two equal episodes have in common: everything but the clock's readings. */
export function withoutTimes(entry: StoredTrajectory): TimelessTrajectory {
  const { timing: _timing, turns, ...trajectory } = entry.trajectory;
  const timeless = turns.map(({ search, ...turn }) => ({
    ...turn,
    search: search === null ? null : { ...search, durationMs: 0 },
  }));
  return { ...entry, trajectory: { ...trajectory, turns: timeless } };
}
