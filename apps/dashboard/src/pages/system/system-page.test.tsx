// @vitest-environment happy-dom
import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { SystemView } from "@litmus/api";
import { systemView } from "../../testing/board-views.ts";
import { playServer } from "../../testing/play-server.ts";
import { renderPage } from "../../testing/render-page.tsx";
import { systemView as view } from "./search.ts";
import { SystemPage } from "./system-page.tsx";

afterEach(cleanup);

const open = (patch: Partial<SystemView> = {}) =>
  renderPage({
    path: "/system",
    address: "/system",
    view,
    page: SystemPage,
    serve: playServer({ "/api/system": () => systemView(patch) }).serve,
  });

const queue: NonNullable<SystemView["queue"]> = {
  engine: "BullMQ",
  waiting: 7,
  active: 2,
  dead: 1,
  workers: [
    {
      id: "worker-1",
      host: "node-a",
      processId: 4711,
      startedAt: "2026-01-01T00:00:00.000Z",
      lastSeenAt: "2026-01-01T00:00:00.000Z",
      active: 2,
      done: 40,
    },
  ],
  deadJobs: [{ id: "j1", group: "run-1:grpo:3", code: "unavailable", message: "no answer", attempts: 3 }],
};

describe("SystemPage", () => {
  it("explains where the rollouts are made without a queue", async () => {
    await open();
    expect(await screen.findByText(/rollouts are made in the training process/)).toBeDefined();
    expect(screen.getByText("12.0 MB")).toBeDefined();
    expect(screen.getByText("1.0 % of the trajectories")).toBeDefined();
  });

  it("tells a queue that does not answer from one that is not there", async () => {
    await open({ queueError: "connection refused" });
    expect((await screen.findByRole("alert")).textContent).toContain("connection refused");
  });

  it("shows workers, those long silent, and the groups given up", async () => {
    await open({ queue });
    const workers = await screen.findByRole("table", { name: "Workers" });
    expect(within(workers).getByText("worker-1").closest("tr")?.textContent).toContain("silent");
    expect(within(screen.getByRole("table", { name: "Groups given up" })).getByText("no answer")).toBeDefined();
  });

  it("leads from a failure to its examples", async () => {
    await open({
      failures: [{ boundary: "retrieval", code: "timeout", count: 4, example: "took too long", runId: "run-1" }],
    });
    const link = await screen.findByRole("link", { name: "retrieval/timeout" });
    expect(link.getAttribute("href")).toBe("/runs/run-1?tab=trajectories&failure=retrieval%2Ftimeout");
  });

  it("credits those whose records are shown, and names licences", async () => {
    await open({
      indexes: [
        {
          id: "f".repeat(64),
          name: "pubmed",
          engine: "elasticsearch",
          k1: 0.9,
          b: 0.4,
          idSpace: "pubmed",
          runs: 3,
          credit: "Courtesy of the U.S. National Library of Medicine",
        },
      ],
      models: [{ sha256: "a".repeat(64), name: "small-model", licence: "Apache-2.0", runs: 3 }],
    });
    expect(await screen.findByText("Courtesy of the U.S. National Library of Medicine")).toBeDefined();
    expect(screen.getByText("Apache-2.0")).toBeDefined();
  });
});
