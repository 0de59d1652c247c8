import type { StoredTrajectory, TrainedTokens, TrajectoryId } from "@litmus/core";
import type { StoreReader } from "../store-reader.ts";
import { createRecent } from "./recent.ts";
import type { RevisionWatch } from "./revision-watch.ts";

/** A trajectory that somebody looks into: what was recorded, and what an update made of its tokens. */
export interface OpenedTrajectory {
  readonly stored: StoredTrajectory;
  readonly trained: TrainedTokens | null;
}

/** A reader goes through one page by page, and has its group beside it. */
const kept = 8;

/** Reads trajectories whole, and the last ones only once, until their run changes. Null where there is none. */
export function createOpenedTrajectories(
  store: Pick<StoreReader, "trajectory" | "trained">,
  watch: Pick<RevisionWatch, "refresh" | "revision">,
): (id: TrajectoryId) => Promise<OpenedTrajectory | null> {
  const opened = createRecent<TrajectoryId, { readonly revision: number; readonly value: OpenedTrajectory }>(kept);
  return async (id) => {
    await watch.refresh();
    const known = opened.get(id);
    if (known !== undefined && watch.revision(known.value.stored.key.runId) === known.revision) return known.value;
    const stored = await store.trajectory(id);
    if (stored === null) return null;
    // Of before the next read: what changes during it is read again.
    const revision = watch.revision(stored.key.runId);
    const value = { stored, trained: await store.trained(id) };
    opened.set(id, { revision, value });
    return value;
  };
}
