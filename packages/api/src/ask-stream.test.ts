import { describe, expect, it } from "vitest";
import { askStream } from "./ask-stream.ts";
import { createApiClient } from "./client.ts";
import type { AskEvent } from "./views/ask.ts";

const start: AskEvent = { type: "episode-start", question: "Is it β or é?" };
const load: AskEvent = { type: "policy-load", label: "two" };
const refused: AskEvent = { type: "error", code: "conflict", message: "no", hint: "later" };

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A body that comes in parts of so many bytes. */
function inParts(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = bytesOf(text);
  return ReadableStream.from(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size)),
  );
}

async function readAll(body: ReadableStream<Uint8Array> | null, signal = new AbortController().signal) {
  const api = createApiClient({ baseUrl: "", token: () => null, fetch: async () => new Response(body) });
  const events: AskEvent[] = [];
  const error = await (async () => {
    for await (const event of askStream(api, { question: "q" }, signal)) events.push(event);
  })().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { events, error };
}

describe("the stream of an answer", () => {
  it.each([1, 2, 3, 7, 1000])("is read in parts of %i bytes, whatever its line ends", async (size) => {
    const text =
      `: hello\n\nevent: a\ndata: ${JSON.stringify(start)}\n\n: still there\n\n` +
      `data: {"type":"policy-load",\r\ndata: "label":"two"}\r\n\r\ndata:${JSON.stringify(refused)}\n\n`;
    expect(await readAll(inParts(text, size))).toEqual({ events: [start, load, refused], error: null });
  });

  it("that ends before its last event has broken off", async () => {
    const brokenOff = { code: "unavailable", message: "the server broke off before the answer" };
    const half = `data: ${JSON.stringify(start)}\n\ndata: {"type":"err`;
    const ended = await readAll(inParts(half, 1000));
    expect(ended).toEqual({ events: [start], error: expect.objectContaining(brokenOff) });
    expect((await readAll(null)).error).toMatchObject(brokenOff);
    let pulls = 0;
    const torn = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulls += 1;
        if (pulls === 1) controller.enqueue(bytesOf(half));
        else controller.error(new TypeError("terminated"));
      },
    });
    expect(await readAll(torn)).toEqual({ events: [start], error: expect.objectContaining(brokenOff) });
  });

  it("that is stopped by its reader rejects with the reader's reason", async () => {
    const stopping = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        stopping.abort(new Error("enough"));
        controller.error(stopping.signal.reason);
      },
    });
    expect((await readAll(body, stopping.signal)).error).toBe(stopping.signal.reason);
  });

  it.each(["no JSON", '{"type":"episode-start"}'])("of another form is refused: %s", async (data) => {
    expect((await readAll(inParts(`data: ${data}\n\n`, 1000))).error).toMatchObject({ code: "incompatible" });
  });
});
