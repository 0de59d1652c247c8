import { describe, expect, it } from "vitest";
import { startLiveUpdates } from "./live-updates.ts";
import type { LiveUpdates, StreamHandlers } from "./live-updates.ts";
import { createManualTiming } from "./testing/manual-timing.ts";
import type { ManualTiming } from "./testing/manual-timing.ts";

interface OpenStream extends StreamHandlers {
  readonly openedAtMs: number;
  readonly isClosed: () => boolean;
  /** The server ends it. */
  readonly end: () => void;
}

interface Scene {
  readonly live: LiveUpdates;
  readonly timing: ManualTiming;
  readonly streams: OpenStream[];
  readonly changes: (readonly string[])[];
  readonly resyncs: () => number;
  readonly probes: () => number;
  readonly server: { isUp: boolean };
  /** What is shown has been read once more, as a closing server asks. */
  readonly readOnceMore: () => void;
}

/** A page with a server of which both ends are held here. */
function openScene(): Scene {
  const timing = createManualTiming();
  const streams: OpenStream[] = [];
  const changes: (readonly string[])[] = [];
  const counts = { resyncs: 0, probes: 0 };
  const server = { isUp: true };
  const closing = Promise.withResolvers<void>();
  const live = startLiveUpdates({
    stream: (handlers, signal) =>
      new Promise((resolve) => {
        let isClosed = false;
        const end = (): void => {
          isClosed = true;
          resolve();
        };
        signal.addEventListener("abort", end);
        streams.push({ ...handlers, openedAtMs: timing.monotonicMs(), isClosed: () => isClosed, end });
        if (!server.isUp) end();
      }),
    probe: () => {
      counts.probes += 1;
      return Promise.resolve(server.isUp);
    },
    onChange: (runIds) => changes.push(runIds),
    onResync: () => (counts.resyncs += 1),
    onClosing: () => closing.promise,
    timing,
  });
  return {
    live,
    timing,
    streams,
    changes,
    resyncs: () => counts.resyncs,
    probes: () => counts.probes,
    server,
    readOnceMore: closing.resolve,
  };
}

const lastOf = (scene: Scene): OpenStream => scene.streams.at(-1)!;

describe("startLiveUpdates", () => {
  it("is live once the stream is open, and tells which runs changed", async () => {
    const scene = openScene();
    expect(scene.live.state()).toEqual({ status: "connecting", updatedAtMs: null });
    const heard: string[] = [];
    scene.live.subscribe(() => heard.push(scene.live.state().status));
    lastOf(scene).onOpen();
    const openedAtMs = scene.timing.monotonicMs();
    expect(scene.live.state()).toEqual({ status: "live", updatedAtMs: openedAtMs });
    await scene.timing.advance(3000);
    expect(scene.live.state().updatedAtMs).toBe(openedAtMs);
    lastOf(scene).onChange(["run-a", "run-b"]);
    expect(scene.changes).toEqual([["run-a", "run-b"]]);
    expect(scene.live.state().updatedAtMs).toBe(openedAtMs + 3000);
    expect(scene.resyncs()).toBe(0);
    expect(heard).toEqual(["live", "live"]);
    scene.live.stop();
  });

  it("polls every five seconds while no stream is open, and reads everything anew when one is", async () => {
    const scene = openScene();
    lastOf(scene).onOpen();
    lastOf(scene).end();
    await scene.timing.advance(0);
    expect(scene.live.state().status).toBe("polling");
    expect([scene.probes(), scene.resyncs()]).toEqual([1, 1]);
    await scene.timing.advance(4999);
    expect(scene.probes()).toBe(1);
    await scene.timing.advance(1);
    expect([scene.probes(), scene.resyncs()]).toEqual([2, 2]);
    lastOf(scene).onOpen();
    expect(scene.live.state().status).toBe("live");
    expect(scene.resyncs()).toBe(3);
    await scene.timing.advance(20_000);
    expect(scene.probes()).toBe(2);
    scene.live.stop();
  });

  it("is offline while the server does not answer, and keeps the time of the last answer", async () => {
    const scene = openScene();
    lastOf(scene).onOpen();
    const { updatedAtMs } = scene.live.state();
    scene.server.isUp = false;
    lastOf(scene).end();
    await scene.timing.advance(12_000);
    expect(scene.live.state()).toEqual({ status: "offline", updatedAtMs });
    expect(scene.resyncs()).toBe(0);
    scene.server.isUp = true;
    await scene.timing.advance(10_000);
    expect(scene.live.state().status).toBe("polling");
    lastOf(scene).onOpen();
    expect(scene.live.state().status).toBe("live");
    scene.live.stop();
  });

  it("waits twice as long after each failure, and never over ten seconds", async () => {
    const scene = openScene();
    scene.server.isUp = false;
    lastOf(scene).end();
    await scene.timing.advance(60_000);
    const at = scene.streams.map(({ openedAtMs }) => openedAtMs);
    const pauses = at.slice(1).map((time, i) => time - at[i]!);
    expect(pauses.slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    scene.live.stop();
  });

  it("begins with short pauses again after a stream was open", async () => {
    const scene = openScene();
    scene.server.isUp = false;
    lastOf(scene).end();
    await scene.timing.advance(8000);
    scene.server.isUp = true;
    await scene.timing.advance(10_000);
    lastOf(scene).onOpen();
    const endedAtMs = scene.timing.monotonicMs();
    lastOf(scene).end();
    await scene.timing.advance(600);
    expect(lastOf(scene).openedAtMs - endedAtMs).toBe(500);
    scene.live.stop();
  });

  it("takes a stream without heartbeats for dead", async () => {
    const scene = openScene();
    const first = lastOf(scene);
    first.onOpen();
    await scene.timing.advance(30_000);
    first.onActivity();
    await scene.timing.advance(34_999);
    expect(first.isClosed()).toBe(false);
    await scene.timing.advance(1);
    expect(first.isClosed()).toBe(true);
    await scene.timing.advance(500);
    expect(scene.streams).toHaveLength(2);
    scene.live.stop();
  });

  it("keeps the stream of a closing server until all that is shown is read once more", async () => {
    const scene = openScene();
    const stream = lastOf(scene);
    stream.onOpen();
    stream.onClosing();
    await scene.timing.advance(100);
    expect(stream.isClosed()).toBe(false);
    scene.server.isUp = false;
    scene.readOnceMore();
    await scene.timing.advance(0);
    expect(stream.isClosed()).toBe(true);
    expect(scene.live.state().status).toBe("offline");
    scene.live.stop();
  });

  it("ends everything when it is stopped", async () => {
    const scene = openScene();
    lastOf(scene).onOpen();
    scene.live.stop();
    await scene.timing.advance(60_000);
    expect(lastOf(scene).isClosed()).toBe(true);
    expect([scene.streams.length, scene.probes()]).toEqual([1, 0]);
  });
});
