import { EventSource } from "eventsource";
import { z } from "zod";
import type { StreamHandlers } from "./live-updates.ts";

const changeSchema = z.object({ runs: z.array(z.object({ id: z.string() })) });

/**
 * One stream of server-sent events, which is never opened again by itself: who calls decides when.
 * @param token sent as header, which the browser's own EventSource cannot; null where none is known
 * @returns resolves when the stream ended or could not be opened, and on abort
 */
export function openEventStream(
  url: string,
  token: string | null,
  handlers: StreamHandlers,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const source = new EventSource(url, {
      fetch: async (input, init) => {
        const headers = { ...init.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
        return watched(await fetch(input, { ...init, headers }), handlers.onActivity);
      },
    });
    const close = (): void => {
      source.close();
      resolve();
    };
    source.addEventListener("open", handlers.onOpen);
    source.addEventListener("change", ({ data }) => {
      const change = changeSchema.safeParse(parseJson(data));
      if (change.success) handlers.onChange(change.data.runs.map(({ id }) => id));
      // What cannot be understood is from another version of the server: the next stream starts with everything read anew.
      else close();
    });
    source.addEventListener("closing", handlers.onClosing);
    source.addEventListener("error", close);
    if (signal.aborted) close();
    else signal.addEventListener("abort", close, { once: true });
  });
}

/** The same answer, telling of each piece that comes. */
function watched(response: Response, onActivity: () => void): Response {
  if (response.body === null) return response;
  const watcher = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onActivity();
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  const copy = new Response(response.body.pipeThrough(watcher), { status, statusText, headers });
  Object.defineProperties(copy, { url: { value: response.url }, redirected: { value: response.redirected } });
  return copy;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
