import { LitmusError, type StoredTrajectory, type TrajectoryId } from "@litmus/core";
import type { StoreReads } from "../store-reads.ts";

/** The trajectory of an id. @throws LitmusError `not-found` when there is none */
export async function knownTrajectory(reads: StoreReads, id: TrajectoryId): Promise<StoredTrajectory> {
  const found = await reads.store.trajectory(id);
  if (found === null) throw new LitmusError("not-found", "there is no such trajectory");
  return found;
}
