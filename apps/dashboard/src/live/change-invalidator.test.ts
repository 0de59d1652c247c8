import { createApiClient } from "@litmus/api";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import type { QueryKey, QueryMeta } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { askOptions } from "../queries/list-queries.ts";
import { createChangeInvalidator } from "./change-invalidator.ts";
import { createManualTiming } from "./testing/manual-timing.ts";

/** A shown view, whose answers are given by hand or at once. */
function show(
  client: QueryClient,
  queryKey: QueryKey,
  meta: QueryMeta = {},
): { fetches: () => number; hold: () => void; answer: () => void } {
  let fetches = 0;
  let isHeld = false;
  let answer = (): void => undefined;
  const observer = new QueryObserver(client, {
    queryKey,
    meta,
    staleTime: Infinity,
    queryFn: () => {
      fetches += 1;
      return isHeld ? new Promise<number>((resolve) => (answer = () => resolve(fetches))) : fetches;
    },
  });
  observer.subscribe(() => undefined);
  return { fetches: () => fetches, hold: () => (isHeld = true), answer: () => answer() };
}

function openScene() {
  const client = new QueryClient();
  const timing = createManualTiming();
  const invalidator = createChangeInvalidator(client, timing, new AbortController().signal);
  return { client, timing, invalidator };
}

describe("createChangeInvalidator", () => {
  it("fetches the views of the changed run and those over all runs, and no others", async () => {
    const { client, timing, invalidator } = openScene();
    const of = {
      run: show(client, ["run", "run-a", "series"]),
      other: show(client, ["run", "run-b"]),
      compare: show(client, ["compare", ["run-b", "run-a"]]),
      runs: show(client, ["runs", { search: "" }]),
      leaderboard: show(client, ["leaderboard"]),
      ask: show(client, askOptions(createApiClient({ baseUrl: "http://127.0.0.1:1", token: () => null })).queryKey),
      session: show(client, ["session"]),
    };
    await timing.advance(0);
    invalidator.change(["run-a"]);
    await timing.advance(0);
    const fetches = Object.fromEntries(Object.entries(of).map(([name, view]) => [name, view.fetches()]));
    expect(fetches).toEqual({ run: 2, other: 1, compare: 2, runs: 2, leaderboard: 2, ask: 2, session: 1 });
  });

  it("knows a view's run by what it shows, where its key names none", async () => {
    const { client, timing, invalidator } = openScene();
    const view = show(client, ["trajectory", "id"], { runOf: (fetches) => `run-${String(fetches)}` });
    await timing.advance(0);
    invalidator.change(["run-2"]);
    await timing.advance(1000);
    expect(view.fetches()).toBe(1);
    invalidator.change(["run-1"]);
    await timing.advance(1000);
    expect(view.fetches()).toBe(2);
  });

  it("fetches at once, then at most once a second", async () => {
    const { client, timing, invalidator } = openScene();
    const view = show(client, ["run", "run-a"]);
    await timing.advance(0);
    for (let i = 0; i < 10; i += 1) {
      invalidator.change(["run-a"]);
      await timing.advance(100);
    }
    await timing.advance(2000);
    expect(view.fetches()).toBe(3);
  });

  it("never begins a slow answer anew, and fetches again after it", async () => {
    const { client, timing, invalidator } = openScene();
    const view = show(client, ["run", "run-a"]);
    await timing.advance(0);
    view.hold();
    invalidator.change(["run-a"]);
    await timing.advance(0);
    expect(view.fetches()).toBe(2);
    for (let i = 0; i < 5; i += 1) {
      invalidator.change(["run-a"]);
      await timing.advance(1000);
    }
    expect(view.fetches()).toBe(2);
    view.answer();
    await timing.advance(1000);
    expect(view.fetches()).toBe(3);
    view.answer();
    await timing.advance(5000);
    expect(view.fetches()).toBe(3);
  });
});
