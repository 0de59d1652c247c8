import { routes, type ChangeEvent } from "@litmus/api";
import type { RunRevision, Timing } from "@litmus/core";
import type { Hono } from "hono";
import { eventStreamAnswer } from "../events/event-stream.ts";
import type { LiveReads } from "../views/store-reads.ts";

/**
 * Tells which runs changed. What was read before the stream opened may be old: whoever opens it reads again.
 */
export function addEventRoute(app: Hono, { watch }: LiveReads, timing: Timing): void {
  app.get(routes.events, ({ req }) =>
    eventStreamAnswer({
      timing,
      aborted: req.raw.signal,
      open: ({ send, signal }) => {
        const unsubscribe = watch.subscribe((changed) => send("change", changeData(changed)));
        signal.addEventListener("abort", unsubscribe, { once: true });
      },
    }),
  );
}

function changeData(changed: readonly RunRevision[]): string {
  const event: ChangeEvent = { runs: changed.map(({ runId, revision }) => ({ id: runId, revision })) };
  return JSON.stringify(event);
}
