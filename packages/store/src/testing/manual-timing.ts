import type { Timing } from "@litmus/core";

interface Wait {
  readonly untilMs: number;
  readonly resolve: () => void;
}

/** Time that passes when a test says so. Chance is always 0. */
export interface ManualTiming {
  readonly timing: Timing;
  /** The lengths that were waited for, in order. */
  readonly waits: readonly number[];
  /** Lets time pass, and ends the waits whose time has come. */
  pass(milliseconds: number): void;
  /** Resolves when somebody waits. */
  untilWaiting(): Promise<void>;
}

export function createManualTiming(): ManualTiming {
  let nowMs = 0;
  let open: Wait[] = [];
  const waits: number[] = [];
  const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      waits.push(milliseconds);
      const entry = { untilMs: nowMs + milliseconds, resolve };
      open.push(entry);
      const end = (): void => {
        open = open.filter((each) => each !== entry);
        resolve();
      };
      if (signal?.aborted === true) end();
      else signal?.addEventListener("abort", end, { once: true });
    });
  return {
    timing: { monotonicMs: () => nowMs, wait, uniform: () => 0 },
    waits,
    pass: (milliseconds) => {
      nowMs += milliseconds;
      const due = open.filter((each) => each.untilMs <= nowMs);
      open = open.filter((each) => each.untilMs > nowMs);
      for (const each of due) each.resolve();
    },
    untilWaiting: async () => {
      while (open.length === 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
