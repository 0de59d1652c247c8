export interface GroupSize {
  /** Trajectories that were asked for. */
  readonly members: number;
  /** Those that did not fail. */
  readonly survivors: number;
}

/** Whether a group that lost members to failures is still used: at least half of it, and at least two, remain. */
export function keepGroup({ members, survivors }: GroupSize): boolean {
  return survivors >= 2 && survivors * 2 >= members;
}
