import { createManualTiming } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { eventStreamAnswer, type EventStream } from "./event-stream.ts";

function opened() {
  const timing = createManualTiming();
  const request = new AbortController();
  let stream: EventStream | null = null;
  const answer = eventStreamAnswer({ timing, aborted: request.signal, open: (given) => (stream = given) });
  if (stream === null) throw new Error("it was not opened");
  const given: EventStream = stream;
  const reader = answer.body!.getReader();
  const read = async (): Promise<string | null> => {
    const { done, value } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  return { timing, request, stream: given, answer, read, reader };
}

describe("eventStreamAnswer", () => {
  it("sends events at once, and a comment every 15 seconds", async () => {
    const { timing, stream, answer, read } = opened();
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(await read()).toBe(": open\n\n");
    stream.send("change", '{"runs":[]}');
    expect(await read()).toBe('event: change\ndata: {"runs":[]}\n\n');
    await timing.begun(1);
    timing.pass(15_000);
    expect(await read()).toBe(": heartbeat\n\n");
    await timing.begun(2);
    expect(timing.waits).toEqual([15_000, 15_000]);
  });

  it("ends with the request, and sends nothing afterwards", async () => {
    const { request, stream, read } = opened();
    await read();
    request.abort();
    expect(stream.signal.aborted).toBe(true);
    expect(await read()).toBeNull();
    stream.send("change", "{}");
    stream.end();
  });

  it("ends with its reader", async () => {
    const { request, stream, reader } = opened();
    await reader.cancel();
    expect(stream.signal.aborted).toBe(true);
    stream.send("change", "{}");
    request.abort();
  });

  it("lets a reader go that takes nothing any more", () => {
    const { stream } = opened();
    for (let piece = 0; piece < 1_100; piece++) stream.send("change", "{}");
    expect(stream.signal.aborted).toBe(true);
  });

  it("opens nothing for a request that is over", () => {
    let isOpened = false;
    const open = (): void => void (isOpened = true);
    eventStreamAnswer({ timing: createManualTiming(), aborted: AbortSignal.abort(), open });
    expect(isOpened).toBe(false);
  });
});
