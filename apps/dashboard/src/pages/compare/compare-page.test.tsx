// @vitest-environment happy-dom
import type { Comparison, RunHead } from "@litmus/api";
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { renderPage } from "../../testing/render-page.tsx";
import type { RenderedPage } from "../../testing/render-page.tsx";
import { metricInfo, series } from "../../testing/run-views.ts";
import { runHead } from "../../testing/trajectory-views.ts";
import { ComparePage } from "./compare-page.tsx";
import { compareView } from "./search.ts";

afterEach(cleanup);
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;

const runs: RunHead[] = [runHead, { ...runHead, id: "run-2", seed: 2 }];
const choices = runs.map(({ id }) => ({
  runId: id,
  stage: "grpo",
  step: 8,
  split: "test",
  version: 8,
  id: `${id}:grpo:8`,
  label: `after grpo of ${id}`,
}));
const questions: NonNullable<Comparison["paired"]>["questions"] = [
  {
    problemId: "p-1",
    question: "Which cytokine rises first?",
    category: "cytokines-and-chemokines",
    goldenAnswers: ["interleukin-6"],
    from: { score: 0, answer: "tumour necrosis factor", trajectoryId: "t-from" },
    to: { score: 1, answer: "interleukin-6", trajectoryId: "t-to" },
    outcome: "win",
  },
];

function comparison(query: URLSearchParams): Comparison {
  const isPaired = query.has("from") && query.has("to");
  return {
    runs,
    seeds: Object.fromEntries(runs.map(({ id }) => [id, ["run-1", "run-2"]])),
    differences: [{ path: "seed", values: ["1", "2"] }],
    choices,
    metrics: [metricInfo()],
    paired: isPaired
      ? {
          from: query.get("from") ?? "",
          to: query.get("to") ?? "",
          n: 16,
          difference: 0.25,
          ci95: { low: 0.05, high: 0.45 },
          isGain: true,
          sentence: "Exact match rose by 0.250, on 16 questions: a gain.",
          wins: 5,
          losses: 1,
          ties: 10,
          unscored: 0,
          questions,
          total: 1,
          offset: 0,
          limit: 50,
        }
      : null,
    unpaired: null,
  };
}

async function open(search: string): Promise<RenderedPage & { readonly asked: string[] }> {
  const asked: string[] = [];
  const rendered = await renderPage({
    path: "/compare",
    address: `/compare${search}`,
    view: compareView,
    page: ComparePage,
    serve: ({ pathname, searchParams }) => {
      asked.push(`${pathname}?${searchParams.toString()}`);
      if (pathname === "/api/compare") return Response.json(comparison(searchParams));
      if (pathname === "/api/series") {
        const sources = (searchParams.get("sources") ?? "").split(",");
        return Response.json({ x: "step", series: sources.map((source) => series({ source, runIds: [source] })) });
      }
      return Response.json({
        columns: [],
        rows: [{ id: "run-3", name: "third", status: "finished", members: [], cells: {}, n: {} }],
        baseline: null,
        facets: { status: {}, name: {} },
        total: 1,
        offset: 0,
        limit: 50,
      });
    },
  });
  return { ...rendered, asked };
}

const both = "?runs=%5B%22run-1%22%2C%22run-2%22%5D";

describe("the comparison of two runs", () => {
  it("pairs their last evaluations, and has both trajectories one click away", async () => {
    const { asked } = await open(both);
    const table = await screen.findByRole("table", { name: "Questions" });
    expect(asked.some((path) => path.includes("from=run-1%3Agrpo%3A8&to=run-2%3Agrpo%3A8"))).toBe(true);
    expect(screen.getByText("Exact match rose by 0.250, on 16 questions: a gain.")).toBeTruthy();
    // The difference reads as in the sentence, and a long category is broken into lines as the other cells are.
    expect(screen.getByText("+0.250")).toBeTruthy();
    expect(screen.getByText("(+0.050 to +0.450)")).toBeTruthy();
    const cells = [...table.querySelectorAll("tbody tr td")];
    expect(cells.at(-1)?.className).toBe(cells[1]?.className);
    expect(cells.at(-1)?.className).not.toBe(cells[0]?.className);
    const addresses = within(table)
      .getAllByRole("link")
      .map((link) => link.getAttribute("href"));
    expect(addresses).toEqual([
      "/runs/run-1/problems/p-1",
      "/trajectories/t-from",
      "/trajectories/t-to",
      expect.stringMatching(/^\/trajectories\/t-to\?.*beside=t-from/),
    ]);
  });

  it("shows the questions of one outcome, and all again", async () => {
    const { asked, address } = await open(both);
    const wins = await screen.findByRole("button", { name: "5 wins" });
    fireEvent.click(wins);
    await waitFor(() => expect(asked.at(-1)).toContain("outcome=win"));
    expect(wins.getAttribute("aria-pressed")).toBe("true");
    fireEvent.click(wins);
    await waitFor(() => expect(address()).not.toContain("outcome"));
  });

  it("hides a run's curves without asking the server again", async () => {
    const { asked, address } = await open(both);
    await screen.findByRole("figure", { name: "Reward" });
    await screen.findByRole("table", { name: "Questions" });
    const before = asked.length;
    fireEvent.click(screen.getByRole("checkbox", { name: "Draw quickstart, seed 1" }));
    await waitFor(() => expect(address()).toContain("hidden="));
    const legend = within(screen.getByRole("figure", { name: "Reward" }));
    expect(legend.getByRole("button", { name: "quickstart, seed 1" }).getAttribute("aria-pressed")).toBe("false");
    expect(legend.getByRole("button", { name: "quickstart, seed 2" }).getAttribute("aria-pressed")).toBe("true");
    expect(asked).toHaveLength(before);
  });
});

describe("runs that differ in the seed alone", () => {
  it("are one line, their mean, when that is chosen; the tick of any of them hides it", async () => {
    const { asked, address } = await open(both);
    fireEvent.click(await screen.findByRole("switch", { name: "Means over seeds" }));
    const legend = within(await screen.findByRole("figure", { name: "Reward" }));
    const mean = await legend.findByRole("button", { name: "quickstart: mean of 2 seeds" });
    expect(legend.queryByRole("button", { name: /seed 2/ })).toBeNull();
    expect(asked.findLast((path) => path.startsWith("/api/series"))).toContain("sources=seeds%3Arun-1&");
    expect(address()).toContain("seeds=true");
    fireEvent.click(screen.getByRole("checkbox", { name: "Draw quickstart, seed 2" }));
    await waitFor(() => expect(mean.getAttribute("aria-pressed")).toBe("false"));
  });
});

describe("what is chosen on a comparison", () => {
  it("keeps which charts are tables in the address", async () => {
    const { address } = await open(both);
    fireEvent.click(await screen.findByRole("button", { name: "Show Reward as a table" }));
    await waitFor(() => expect(address()).toContain("tables=%5B%22reward%22%5D"));
    expect(await screen.findByRole("table", { name: "Reward: data" })).toBeTruthy();
  });

  it("keeps its last metric", async () => {
    await open(both);
    fireEvent.click(await screen.findByRole("button", { name: "Metrics" }));
    expect((await screen.findByRole("checkbox", { name: "Reward" })).hasAttribute("disabled")).toBe(true);
  });

  it("takes no run beyond the most that are compared, and says so", async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `run-${i}`);
    await open(`?runs=${encodeURIComponent(JSON.stringify(ids))}`);
    expect(await screen.findByText(/50 runs are compared at most/)).toBeTruthy();
    expect(screen.queryByRole("combobox", { name: "Add a run" })).toBeNull();
  });
});

describe("a comparison without runs", () => {
  it("says how to begin, and takes a run that is found by its words", async () => {
    const { address } = await open("");
    expect(await screen.findByText("No run is chosen")).toBeTruthy();
    const field = screen.getByRole("combobox", { name: "Add a run" });
    fireEvent.change(field, { target: { value: "third" } });
    fireEvent.keyDown(field, { key: "ArrowDown" });
    fireEvent.click(await screen.findByRole("option", { name: /third/ }));
    await waitFor(() => expect(address()).toContain("run-3"));
  });
});
