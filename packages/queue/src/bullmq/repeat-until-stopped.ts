import { setTimeout } from "node:timers/promises";

/** Does something again and again, each time a while after it ended. The action must not reject. @returns stops it */
export function repeatUntilStopped(everyMs: number, action: () => Promise<void>): () => void {
  const stop = new AbortController();
  void (async () => {
    while (!stop.signal.aborted) {
      await setTimeout(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
      if (!stop.signal.aborted) await action();
    }
  })();
  return () => stop.abort();
}
