import {
  addressOf,
  ApiError,
  controlSchema,
  createApiClient,
  routes,
  type Control,
  type ControlAction,
} from "@litmus/api";
import { LitmusError, type RunId } from "@litmus/core";
import type { RunControl } from "@litmus/server";
import type { FollowedStore } from "../folder/followed-store.ts";
import type { HolderWithinReach } from "../folder/within-reach.ts";
import { holderError } from "../folder/holder-error.ts";
import { requireAction } from "../train/control-view.ts";
import { storedControl } from "../train/stored-control.ts";

interface FollowedFolder {
  readonly followed: Pick<FollowedStore, "reader" | "holder">;
  /** Folder of the runs. */
  readonly directory: string;
}

/** Control through the process that holds the folder, where that is one which trains. */
export function followedControl({ followed, directory }: FollowedFolder): RunControl {
  const stored = (id: RunId): Promise<Control> => storedControl({ store: followed.reader, directory }, id);
  return {
    control: async (id) => {
      const holder = await trainerOf(followed);
      return holder === null ? stored(id) : ((await throughHolder(holder, id)) ?? stored(id));
    },
    act: async (id, action) => {
      const holder = await trainerOf(followed);
      const changed = holder === null ? null : await throughHolder(holder, id, action);
      if (changed !== null) return changed;
      const now = await stored(id);
      requireAction(now, action);
      throw new LitmusError("bug", `a run that nobody trains may be asked to ${action}`);
    },
  };
}

async function trainerOf(followed: Pick<FollowedStore, "holder">): Promise<HolderWithinReach | null> {
  const holder = await followed.holder();
  // A process that gives way only shows the folder, as this one does.
  return holder === null || holder.yields ? null : holder;
}

/** Null where the holder has nothing to say of it. */
async function throughHolder(
  { address, token }: HolderWithinReach,
  runId: RunId,
  action?: ControlAction,
): Promise<Control | null> {
  const client = createApiClient({ baseUrl: address, token: () => token });
  try {
    if (action !== undefined) return await client.control(runId, action);
    const response = await client.request(addressOf(routes.control, { runId }));
    return controlSchema.parse(await response.json());
  } catch (cause) {
    // It has just ended, or controls nothing.
    if (ApiError.isInstance(cause) && (cause.status === 0 || cause.status === 404)) return null;
    throw holderError(cause);
  }
}
