import { createManualTiming } from "@litmus/testing";
import { describe, expect, it } from "vitest";
import { createEventReaders, patienceMs } from "./event-readers.ts";
import type { EventStream } from "./event-stream.ts";

function openStream(): EventStream {
  const ended = new AbortController();
  return { send: () => undefined, signal: ended.signal, end: () => ended.abort() };
}

function openScene() {
  const timing = createManualTiming();
  return { timing, readers: createEventReaders(timing) };
}

describe("sayGoodbye", () => {
  it("waits for nobody where nobody reads", async () => {
    const { timing, readers } = openScene();
    const gone = openStream();
    readers.add(gone, () => expect.unreachable());
    gone.end();
    await readers.sayGoodbye();
    expect(timing.waits).toEqual([]);
  });

  it("tells every reader, and resolves when the last has gone", async () => {
    const { readers } = openScene();
    const [one, two] = [openStream(), openStream()];
    const told: string[] = [];
    readers.add(one, () => told.push("one"));
    readers.add(two, () => told.push("two"));
    let isOver = false;
    const goodbye = readers.sayGoodbye().then(() => (isOver = true));
    expect(told).toEqual(["one", "two"]);
    one.end();
    await Promise.resolve();
    expect(isOver).toBe(false);
    two.end();
    await goodbye;
  });

  it("ends the streams of readers that stay", async () => {
    const { timing, readers } = openScene();
    const stream = openStream();
    readers.add(stream, () => undefined);
    const goodbye = readers.sayGoodbye();
    timing.pass(patienceMs);
    await goodbye;
    expect(stream.signal.aborted).toBe(true);
  });

  it("sends those away who come afterwards", async () => {
    const { readers } = openScene();
    await readers.sayGoodbye();
    const late = openStream();
    readers.add(late, () => expect.unreachable());
    expect(late.signal.aborted).toBe(true);
  });
});
