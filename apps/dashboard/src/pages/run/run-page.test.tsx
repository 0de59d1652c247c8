// @vitest-environment happy-dom
import type { Control, RunView } from "@litmus/api";
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { estimate } from "../../testing/board-views.ts";
import { renderPage } from "../../testing/render-page.tsx";
import type { RenderedPage } from "../../testing/render-page.tsx";
import { attempt } from "../../testing/trajectory-views.ts";
import { metricInfo, runViewOf, series } from "../../testing/run-views.ts";
import { RunPage } from "./run-page.tsx";
import { runView } from "./search.ts";

afterEach(cleanup);
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;

const running: Control = {
  state: "running",
  actions: ["pause", "stop"],
  reason: null,
  resumeCommand: "litmus train x",
};

interface Opened extends RenderedPage {
  /** Addresses that were asked for, in their order. */
  readonly asked: string[];
  readonly posted: unknown[];
}

async function open(search: string, view: RunView, control: Control = running): Promise<Opened> {
  const asked: string[] = [];
  const posted: unknown[] = [];
  const rendered = await renderPage({
    path: "/runs/$runId",
    address: `/runs/run-1${search}`,
    view: runView,
    page: RunPage,
    serve: async ({ pathname, searchParams }, init) => {
      asked.push(`${pathname}?${searchParams.toString()}`);
      if (init.method === "POST") {
        posted.push(await new Response(init.body).json());
        return Response.json(control);
      }
      if (pathname === "/api/runs/run-1") return Response.json(view);
      if (pathname === "/api/series")
        return Response.json({
          x: searchParams.get("x") ?? "step",
          series: (searchParams.get("metrics") ?? "")
            .split(",")
            .map((metric) => series({ metric, source: searchParams.get("sources") ?? "" })),
        });
      if (pathname === "/api/runs/run-1/trajectories")
        return Response.json({ attempts: [attempt()], total: 1, offset: 0, limit: 50 });
      return Response.json({ type: "error", code: "not-found", message: "there is no such run" }, { status: 404 });
    },
  });
  return { ...rendered, asked, posted };
}

describe("the head of a run", () => {
  it("says in words what is wrong, the gravest first, and whether it learned", async () => {
    const at = { stage: "grpo", step: 3 };
    await open(
      "",
      runViewOf({
        alarms: [
          { severity: "note", name: "no-change", message: "Nothing was stored for 9 minutes.", ...at },
          { severity: "critical", name: "no-searches", message: "The policy searches no more.", ...at },
        ],
        gains: [
          {
            from: "base",
            to: "grpo",
            measure: "greedy",
            n: 40,
            difference: -0.2,
            ci95: { low: -0.3, high: -0.1 },
            isGain: false,
            sentence: "GRPO changed exact match by -0.2.",
          },
        ],
      }),
    );
    const alarms = within(await screen.findByRole("region", { name: "Alarms" })).getAllByRole("listitem");
    expect(alarms.map((alarm) => alarm.textContent)).toEqual([
      expect.stringContaining("searches no more"),
      expect.stringContaining("9 minutes"),
    ]);
    const verdict = screen.getByRole("region", { name: "Did it learn?" });
    expect(within(verdict).getByText("loss")).toBeTruthy();
    expect(verdict.textContent).toContain("GRPO changed exact match by -0.2.");
  });

  it("tells of a run that is not there, under a heading", async () => {
    await renderPage({
      path: "/runs/$runId",
      address: "/runs/gone",
      view: runView,
      page: RunPage,
      serve: () =>
        Response.json({ type: "error", code: "not-found", message: "there is no run gone" }, { status: 404 }),
    });
    expect((await screen.findByRole("alert")).textContent).toContain("There is no run gone");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Run");
  });
});

describe("the evaluations of a run", () => {
  it("say over how many questions each score is, and what failed", async () => {
    const evaluation = {
      runId: "run-1",
      stage: "grpo",
      step: 3,
      split: "test",
      version: 3,
      exactMatch: estimate(0.5, [0.3, 0.7], 20),
      sampled: { k: 4, exactMatch: estimate(0.4, [0.2, 0.6], 20), passAtK: estimate(0.75, [0.5, 0.9], 16), failed: 5 },
      goldRecall: estimate(0.6, [0.3, 0.8], 15),
      searchesPerQuestion: 1.5,
      sampledTokens: 210,
      failed: 1,
      byCategory: {},
    };
    await open("?tab=evaluations", runViewOf({ evaluations: [evaluation] }));
    const table = await screen.findByRole("table", { name: "Evaluations" });
    const [, row] = within(table).getAllByRole("row");
    expect([...(row?.querySelectorAll("th, td") ?? [])].map((cell) => cell.textContent).slice(3)).toEqual([
      "50.0 % (30.0–70.0) n 20",
      "40.0 % (20.0–60.0) n 20",
      "75.0 % (50.0–90.0) n 16, k 4",
      "60.0 % (30.0–80.0) n 15",
      "1.50",
      "210",
      "1",
      "5",
    ]);
  });
});

describe("the control of a run", () => {
  const button = (name: string): HTMLElement => screen.getByRole("button", { name });

  it("pauses at once, but asks before it stops, and says how it goes on", async () => {
    const { posted } = await open("", runViewOf({ control: running }));
    fireEvent.click(await screen.findByRole("button", { name: "Pause" }));
    await waitFor(() => expect(posted).toEqual([{ action: "pause" }]));
    fireEvent.click(button("Stop"));
    const dialog = await screen.findByRole("dialog");
    expect(dialog.textContent).toContain("litmus train x");
    fireEvent.click(within(dialog).getByRole("button", { name: "Keep it running" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(posted).toHaveLength(1);
    fireEvent.click(button("Stop"));
    fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Stop the run" }));
    await waitFor(() => expect(posted).toEqual([{ action: "pause" }, { action: "stop" }]));
  });

  it("leaves no empty place behind the last button of a run that has ended", async () => {
    await open("", runViewOf());
    const compare = await screen.findByRole("link", { name: "Compare" });
    expect(compare.parentElement?.lastElementChild).toBe(compare);
  });

  it("says why a run that another process trains cannot be stopped here", async () => {
    const control: Control = {
      state: "elsewhere",
      actions: [],
      reason: "another process trains it",
      resumeCommand: null,
    };
    await open("", runViewOf({ control }));
    const group = await screen.findByRole("group", { name: "Control of the run" });
    for (const name of ["Pause", "Stop"])
      expect(within(group).getByRole("button", { name })).toHaveProperty("disabled", true);
    const reason = document.getElementById(group.getAttribute("aria-describedby") ?? "");
    expect(reason?.textContent).toBe("another process trains it");
  });
});

describe("the curves of a run", () => {
  const view = runViewOf({
    metrics: [
      metricInfo(),
      metricInfo({ name: "meanKl", label: "Sampler–trainer KL", group: "stability" }),
      metricInfo({ name: "weightMean", label: "Mean weight", group: "stability" }),
    ],
    seeds: [runViewOf().run, { ...runViewOf().run, id: "run-2", seed: 2 }],
  });

  it("are a fixed board; what else there is, is drawn when it is chosen", async () => {
    const { address } = await open("", view);
    expect(await screen.findByRole("figure", { name: "Reward" })).toBeTruthy();
    expect(screen.getByRole("figure", { name: "Sampler–trainer KL" })).toBeTruthy();
    expect(screen.queryByRole("figure", { name: "Mean weight" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "More metrics (1)" }));
    fireEvent.click(await screen.findByRole("checkbox", { name: "Mean weight" }));
    expect(await screen.findByRole("figure", { name: "Mean weight" })).toBeTruthy();
    expect(address()).toContain("weightMean");
  });

  it("are over the seeds when asked, which the address keeps", async () => {
    const { asked, address } = await open("", view);
    fireEvent.click(await screen.findByRole("switch", { name: "Mean of 2 seeds, with its band" }));
    await waitFor(() => expect(asked.some((path) => path.includes("sources=seeds%3Arun-1"))).toBe(true));
    expect(address()).toContain("seeds=true");
  });

  const stops = ["stop.completed", "stop.max_turns"].map((name) =>
    metricInfo({ name, label: name, unit: "share", group: "behaviour" }),
  );

  it("keep their hidden lines and their tables in the address", async () => {
    const { address } = await open("", runViewOf({ metrics: stops }));
    fireEvent.click(await screen.findByRole("button", { name: "stop.max_turns" }));
    await waitFor(() => expect(address()).toContain("hidden=%5B%22stop.max_turns%22%5D"));
    fireEvent.click(screen.getByRole("button", { name: "Show Stop reasons as a table" }));
    await waitFor(() => expect(address()).toContain("tables=%5B%22stop%22%5D"));
    const shared = new URL(address(), "http://x").search;
    cleanup();

    const again = await open(shared, runViewOf({ metrics: stops }));
    const table = await screen.findByRole("table", { name: "Stop reasons: data" });
    expect(within(table).queryByRole("columnheader", { name: "stop.max_turns" })).toBeNull();
    expect(within(table).getByRole("columnheader", { name: "stop.completed" })).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show Stop reasons as a chart" }));
    await waitFor(() => expect(again.address()).not.toContain("tables"));
  });
});

describe("the trajectories of a run", () => {
  it("are filtered by what the address says, and by what is chosen", async () => {
    const failures = [
      { boundary: "retrieval" as const, code: "search-timed-out", message: "late", count: 1, share: 0.1, examples: [] },
    ];
    const { asked, address } = await open("?tab=trajectories&stage=grpo&step=2", runViewOf({ failures }));
    await screen.findByRole("table", { name: "Trajectories" });
    expect(asked).toContain("/api/runs/run-1/trajectories?stage=grpo&step=2&offset=0&limit=50");
    fireEvent.change(screen.getByLabelText("Failure"), { target: { value: "retrieval/search-timed-out" } });
    await waitFor(() =>
      expect(asked).toContain(
        "/api/runs/run-1/trajectories?stage=grpo&step=2&failure=retrieval%2Fsearch-timed-out&offset=0&limit=50",
      ),
    );
    expect(address()).toContain("failure=");
  });
});

describe("the failures of a run", () => {
  it("print the bound that no failure leaves", async () => {
    await open("?tab=failures", runViewOf({ cost: { ...runViewOf().cost, trajectories: 300 } }));
    expect((await screen.findByText(/Nothing failed/)).parentElement?.textContent).toContain("fewer than 1 %");
  });
});
