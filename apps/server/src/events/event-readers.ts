import type { Timing } from "@litmus/core";
import type { EventStream } from "./event-stream.ts";

/** Those who follow what changes, until the server closes. */
export interface EventReaders {
  /** @param last sends the reader what it must know before the server closes */
  add(stream: EventStream, last: () => void): void;
  /** Lets every reader read what it lacks: resolves when all have gone, or after {@link patienceMs}. Who comes later is sent away. */
  sayGoodbye(): Promise<void>;
}

/** Reading what changed last takes a page far less; a reader that does not listen holds the server up so long. */
export const patienceMs = 5_000;

export function createEventReaders(timing: Timing): EventReaders {
  const readers = new Map<EventStream, () => void>();
  const gone = new AbortController();
  let isClosing = false;
  const leave = (stream: EventStream): void => {
    readers.delete(stream);
    if (isClosing && readers.size === 0) gone.abort();
  };
  return {
    add: (stream, last) => {
      if (isClosing) return stream.end();
      readers.set(stream, last);
      stream.signal.addEventListener("abort", () => leave(stream), { once: true });
    },
    sayGoodbye: async () => {
      isClosing = true;
      if (readers.size === 0) return;
      for (const last of readers.values()) last();
      await timing.wait(patienceMs, gone.signal);
      for (const stream of readers.keys()) stream.end();
    },
  };
}
