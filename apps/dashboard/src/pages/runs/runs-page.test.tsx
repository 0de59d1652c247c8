// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import type { RunList } from "@litmus/api";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runList, runRow } from "../../testing/board-views.ts";
import { playServer } from "../../testing/play-server.ts";
import { renderPage } from "../../testing/render-page.tsx";
import { RunsPage } from "./runs-page.tsx";
import { runsView } from "./search.ts";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function open(answer: (query: URLSearchParams) => RunList, address = "/runs") {
  const { serve, asked } = playServer({ "/api/runs": answer });
  const page = await renderPage({ path: "/runs", address, view: runsView, page: RunsPage, serve });
  return { ...page, asked };
}
const press = (element: HTMLElement): Promise<void> => act(async () => void fireEvent.click(element));
const rowTexts = (): string[][] =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? ""));

const group = runRow({
  id: "a",
  status: "running",
  members: [
    { id: "a", seed: 1, status: "finished" },
    { id: "b", seed: 2, status: "running" },
  ],
});

describe("RunsPage", () => {
  it("shows the default columns in words, and sorts at the server", async () => {
    const page = await open(() => runList());
    await screen.findAllByRole("row");
    expect(rowTexts()).toEqual([["finished", "25.0 %", "0.500"]]);
    await press(screen.getByRole("button", { name: "Reward" }));
    expect(page.address()).toContain("sort=metric.reward");
    expect(page.asked.at(-1)).toMatch(/sort=metric\.reward&order=descending/);
  });

  it("asks for the first of many rows, and for all when somebody goes there; they have their place from the start", async () => {
    // There is no layout here: the frame is so high, each row, and all of them.
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(400);
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(39);
    vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockReturnValue(300 * 39);
    const all = Array.from({ length: 300 }, (_, i) => runRow({ id: `r${i}`, name: `run ${i}` }));
    const page = await open((query) => {
      const limit = Number(query.get("limit"));
      return runList({ rows: all.slice(0, limit), total: all.length, limit });
    });
    const table = await screen.findByRole("table", { name: "Runs" });
    expect(table.getAttribute("aria-rowcount")).toBe("301");
    const limits = (): string[] =>
      page.asked.map((address) => new URLSearchParams(address.split("?")[1]).get("limit") ?? "");
    const heightPx = (): number =>
      [...table.querySelectorAll<HTMLElement>("td[colspan]")].reduce(
        (sum, { style }) => sum + parseFloat(style.height),
        0,
      );
    const placePx = heightPx();
    expect(limits()).toEqual(["200"]);
    const frame = screen.getByRole("group", { name: "Runs" });
    frame.scrollTop = 300 * 39 - 400;
    await act(async () => void fireEvent.scroll(frame));
    expect(await screen.findByText("run 299")).toBeTruthy();
    expect(limits()).toEqual(["200", "2000"]);
    expect(heightPx() / placePx).toBeCloseTo(1, 1);
  });

  it("sets differences beside the values where a baseline is chosen", async () => {
    const better = runRow({ id: "r2", name: "better", cells: { "score.test": 0.5, "metric.reward": 0.4 } });
    const page = await open((query) =>
      runList({ rows: [runRow(), better], baseline: query.get("baseline") === "run-1" ? runRow() : null }),
    );
    await screen.findAllByRole("row");
    await press(screen.getByRole("button", { name: "Make quickstart the baseline" }));
    expect(page.address()).toContain("baseline=run-1");
    await screen.findByRole("columnheader", { name: /Δ Reward/ });
    expect(rowTexts()).toEqual([
      ["finished", "25.0 %", "", "0.500", ""],
      ["finished", "50.0 %", "+25.0 pp", "0.400", "−0.100"],
    ]);
  });

  it("shows the runs of a group with their own values", async () => {
    const alone = ["a", "b"].map((id, i) => runRow({ id, cells: { "metric.reward": i + 0.25 } }));
    await open((query) => runList({ rows: query.get("group") === "seeds" ? [group] : alone }), "/runs?group=seeds");
    await press(await screen.findByRole("button", { name: "Show the 2 runs of quickstart" }));
    await screen.findByText("1.25");
    expect(rowTexts().map(([status]) => status)).toEqual(["running", "finished", "finished"]);
  });

  it("asks for the runs of a group without the filters, which leave it whole", async () => {
    const { asked } = await open(
      () => runList({ rows: [group] }),
      "/runs?group=seeds&search=quick&expanded=%5B%22a%22%5D",
    );
    await screen.findByRole("button", { name: "Show the 2 runs of quickstart" });
    const members = asked.filter((address) => address.includes("group=none"));
    expect(members).not.toEqual([]);
    expect(members.filter((address) => address.includes("search=quick"))).toEqual([]);
  });

  it("says over how many runs of a group a mean is where not all have a value", async () => {
    const mean = { ...group, n: { "score.test": 1, "metric.reward": 2 } };
    await open(() => runList({ rows: [mean] }), "/runs?group=seeds");
    await screen.findAllByRole("row");
    expect(rowTexts()).toEqual([["running", "25.0 % n 1 of 2", "0.500"]]);
  });

  it("leads from the chosen runs to their comparison; a group stands for its runs", async () => {
    await open(() => runList({ rows: [group, runRow({ id: "c", name: "other" })] }));
    await screen.findAllByRole("row");
    for (const name of [/^Choose quickstart/, /^Choose other/]) await press(screen.getByRole("checkbox", { name }));
    const bar = screen.getByRole("region", { name: "Chosen runs" });
    const href = within(bar).getByRole("link", { name: "Compare" }).getAttribute("href") ?? "";
    expect(JSON.parse(new URL(href, "http://x").searchParams.get("runs") ?? "")).toEqual(["a", "b", "c"]);
    await press(within(bar).getByRole("button", { name: "Clear" }));
    expect(screen.queryByRole("region", { name: "Chosen runs" })).toBeNull();
  });

  it("lets no run be chosen beyond the most that are compared, and says so", async () => {
    const chosen = Array.from({ length: 49 }, (_, i) => `x${i}`);
    const rows = [runRow({ id: "c", name: "other" }), runRow({ id: "d", name: "late" })];
    await open(() => runList({ rows }), `/runs?chosen=${encodeURIComponent(JSON.stringify(chosen))}`);
    await press(await screen.findByRole("checkbox", { name: /^Choose other/ }));
    const bar = screen.getByRole("region", { name: "Chosen runs" });
    expect(bar.textContent).toMatch(/50 runs chosen.*all that can be compared at once/);
    expect(screen.getByRole("checkbox", { name: /^Choose late/ }).hasAttribute("disabled")).toBe(true);
    expect(screen.getByRole("checkbox", { name: /^Choose other/ }).hasAttribute("disabled")).toBe(false);
  });

  it("says why it is empty: no run at all, or none that matches", async () => {
    await open(() => runList({ rows: [] }));
    expect(await screen.findByText("No runs yet")).toBeDefined();
    cleanup();
    const page = await open(() => runList({ rows: [] }), "/runs?search=none");
    await press(await screen.findByRole("button", { name: "Take all filters away" }));
    expect(page.address()).not.toContain("none");
  });
});
