import { hostname } from "node:os";
import type { StoreLock } from "@litmus/store";

/** A holder that this process can ask. */
export type HolderWithinReach = StoreLock & { readonly address: string };

/** Whether the holder is a process of this machine: a folder on a network disk may be held on another one. */
export const isOfThisMachine = ({ host }: StoreLock): boolean => host === hostname();

/** Whether the holder answers where this process can ask it: addresses in locks are loopback ones. */
export function isWithinReach(lock: StoreLock): lock is HolderWithinReach {
  return lock.address !== null && isOfThisMachine(lock);
}
