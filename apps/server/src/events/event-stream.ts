import type { Timing } from "@litmus/core";
import { dataHeaders } from "../security-headers.ts";

/** Server-sent events on their way to one reader. */
export interface EventStream {
  /** Sends an event with JSON data; nothing once the stream has ended. */
  readonly send: (event: string, data: string) => void;
  /** Aborts when the reader goes, or the stream has ended. */
  readonly signal: AbortSignal;
  readonly end: () => void;
}

export interface StreamOptions {
  readonly timing: Timing;
  /** Of the request. */
  readonly aborted: AbortSignal;
  /** Called once; what it sends goes out from then on. */
  readonly open: (stream: EventStream) => void;
}

const heartbeatMs = 15_000;
/** Pieces that a reader has not taken; one that takes none any more is let go. */
const mostWaiting = 1_000;

/** An answer of server-sent events, with a comment at its beginning and every 15 seconds. */
export function eventStreamAnswer(options: StreamOptions): Response {
  const headers = {
    ...dataHeaders,
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // A proxy that collects an answer before it hands it on would hold the events back.
    "x-accel-buffering": "no",
  };
  return new Response(eventBody(options), { headers });
}

function eventBody({ timing, aborted, open }: StreamOptions): ReadableStream<Uint8Array> {
  const ended = new AbortController();
  return new ReadableStream({
    start: (controller) => {
      const end = (): void => {
        if (ended.signal.aborted) return;
        ended.abort();
        controller.close();
      };
      const write = (text: string): void => {
        if (ended.signal.aborted) return;
        controller.enqueue(new TextEncoder().encode(text));
        if ((controller.desiredSize ?? 0) < -mostWaiting) end();
      };
      aborted.addEventListener("abort", end, { once: true, signal: ended.signal });
      if (aborted.aborted) return end();
      write(": open\n\n");
      void beat(write, timing, ended.signal);
      open({ send: (event, data) => write(`event: ${event}\ndata: ${data}\n\n`), signal: ended.signal, end });
    },
    cancel: () => ended.abort(),
  });
}

async function beat(write: (text: string) => void, timing: Timing, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await timing.wait(heartbeatMs, signal);
    write(": heartbeat\n\n");
  }
}
