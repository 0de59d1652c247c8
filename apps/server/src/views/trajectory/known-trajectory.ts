import { LitmusError, type TrajectoryId } from "@litmus/core";
import type { OpenedTrajectory } from "../../reads/opened-trajectories.ts";
import type { StoreReads } from "../store-reads.ts";

/** The trajectory of an id. @throws LitmusError `not-found` when there is none */
export async function knownTrajectory(reads: StoreReads, id: TrajectoryId): Promise<OpenedTrajectory> {
  const found = await reads.trajectory(id);
  if (found === null) throw new LitmusError("not-found", "there is no such trajectory");
  return found;
}
