import type { Timing } from "@litmus/core";

export interface ManualTiming extends Timing {
  /** Lets so many milliseconds pass, and all that follows from them happen, in order. */
  readonly advance: (milliseconds: number) => Promise<void>;
}

interface Waiter {
  readonly dueMs: number;
  readonly resolve: () => void;
}

/** Time that passes only when told. `uniform` is always 0: pauses have their full length. */
export function createManualTiming(): ManualTiming {
  let nowMs = 1_000_000;
  const waiters = new Set<Waiter>();
  const advance = async (milliseconds: number): Promise<void> => {
    const endMs = nowMs + milliseconds;
    await settle();
    for (;;) {
      const [next] = [...waiters].filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined) break;
      nowMs = next.dueMs;
      next.resolve();
      await settle();
    }
    nowMs = endMs;
  };
  const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const waiter: Waiter = {
        dueMs: nowMs + milliseconds,
        resolve: () => {
          waiters.delete(waiter);
          resolve();
        },
      };
      waiters.add(waiter);
      signal?.addEventListener("abort", waiter.resolve, { once: true });
    });
  return { monotonicMs: () => nowMs, wait, uniform: () => 0, advance };
}

/** Everything that waits for no time has happened: a turn of the event loop comes after all promises that are ready. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
