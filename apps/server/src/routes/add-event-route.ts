import { routes, type ChangeEvent } from "@litmus/api";
import type { RunRevision, Timing } from "@litmus/core";
import type { Hono } from "hono";
import type { EventReaders } from "../events/event-readers.ts";
import { eventStreamAnswer } from "../events/event-stream.ts";
import type { LiveReads } from "../views/store-reads.ts";

export interface EventOptions {
  readonly timing: Timing;
  readonly readers: EventReaders;
  /** Told what kept the last look at the store from being taken. */
  readonly onError: (error: unknown) => void;
}

/**
 * Tells which runs changed. What was read before the stream opened may be old: whoever opens it reads again. The last event,
 * `closing`, comes when the server is about to end: who hears it reads what it shows once more, then goes.
 */
export function addEventRoute(app: Hono, { watch }: LiveReads, { timing, readers, onError }: EventOptions): void {
  app.get(routes.events, ({ req }) =>
    eventStreamAnswer({
      timing,
      aborted: req.raw.signal,
      open: (stream) => {
        const { send, signal } = stream;
        const unsubscribe = watch.subscribe((changed) => send("change", changeData(changed)));
        signal.addEventListener("abort", unsubscribe, { once: true });
        // Answers are as old as the last look, which must be younger than the last change.
        readers.add(stream, () => void watch.lookAgain().then(() => send("closing", "{}"), onError));
      },
    }),
  );
}

function changeData(changed: readonly RunRevision[]): string {
  const event: ChangeEvent = { runs: changed.map(({ runId, revision }) => ({ id: runId, revision })) };
  return JSON.stringify(event);
}
