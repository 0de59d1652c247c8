import { LitmusError, systemTiming, toLitmusError, type Timing } from "@litmus/core";
import { openStore, readLock, type OpenStore, type StoreLock } from "@litmus/store";
import { isOfThisMachine, isWithinReach, type HolderWithinReach } from "./within-reach.ts";

/** The holder's reads under way end first; on a slow disk its database takes seconds to close. */
const patienceMs = 60_000;
const lookEveryMs = 50;

/**
 * Opens the store of a folder for writing. A process that only shows it, as `litmus serve` does, is asked to give it up.
 * @throws LitmusError `conflict` when another process holds the folder and keeps it, and as {@link openStore}
 */
export async function takeStore(directory: string, timing: Timing = systemTiming): Promise<OpenStore> {
  const endMs = timing.monotonicMs() + patienceMs;
  for (;;) {
    const holder = await readLock(directory);
    if (holder?.yields === true && isWithinReach(holder)) await askToRelease(holder);
    try {
      return await openStore({ directory });
    } catch (cause) {
      const isHeld = toLitmusError(cause).code === "conflict" && !keepsFolder(holder);
      if (!isHeld || timing.monotonicMs() >= endMs) throw cause;
      await timing.wait(lookEveryMs);
    }
  }
}

/** One of another machine cannot be asked. */
const keepsFolder = (holder: StoreLock | null): boolean =>
  holder !== null && !(holder.yields && isOfThisMachine(holder));

/** Resolves when the folder is free, or its holder does not answer: the lock says what is true. */
async function askToRelease({ address, token }: HolderWithinReach): Promise<void> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const signal = AbortSignal.timeout(patienceMs);
  const response = await fetch(`${address}/store/release`, { method: "POST", headers, signal }).catch(() => null);
  if (response === null || response.ok) return;
  throw new LitmusError("conflict", `the process at ${address} does not give the folder up (${response.status})`, {
    hint: "stop it, then run the same command again",
  });
}
