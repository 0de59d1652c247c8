// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import type { Leaderboard } from "@litmus/api";
import { afterEach, describe, expect, it } from "vitest";
import { baselineEntry, leaderboard, policyEntry } from "../../testing/board-views.ts";
import { playServer } from "../../testing/play-server.ts";
import { renderPage } from "../../testing/render-page.tsx";
import { LeaderboardPage } from "./leaderboard-page.tsx";
import { leaderboardView } from "./search.ts";

afterEach(cleanup);

async function open(board: Leaderboard | null = leaderboard(), address = "/") {
  const { serve, asked } = playServer(board === null ? {} : { "/api/leaderboard": () => board });
  const page = await renderPage({ path: "/", address, view: leaderboardView, page: LeaderboardPage, serve });
  return { ...page, asked };
}
const press = (element: HTMLElement): Promise<void> => act(async () => void fireEvent.click(element));

/** Texts of a row's cells. */
const cellsOf = (row: HTMLElement): (string | null)[] =>
  [...row.querySelectorAll("th, td")].map((cell) => cell.textContent);

describe("LeaderboardPage", () => {
  it("shows each score with its interval and n, baselines on top", async () => {
    await open(leaderboard({ entries: [policyEntry({ ties: 1 }), baselineEntry()] }));
    const [, first, second] = await screen.findAllByRole("row");
    expect(cellsOf(first as HTMLElement).slice(0, 3)).toEqual([
      expect.stringContaining("base, step 0"),
      "2",
      "25.0 % (16.0–37.0) n 64",
    ]);
    expect(cellsOf(first as HTMLElement)).toContain("2 of 66");
    expect(cellsOf(second as HTMLElement).slice(1, 5)).toEqual([
      "1=",
      "62.5 % (50.0–73.0) n 64",
      "55.0 % (45.0–65.0) n 64",
      "75.0 % (60.0–86.0) n 40, k 4",
    ]);
    expect(cellsOf(second as HTMLElement)).toContain("0 < 4.7 %, samples 24");
  });

  it("shows a dash in place of a rank, and why", async () => {
    await open(leaderboard({ entries: [policyEntry({ rank: null, unranked: "nothing-scored" })] }));
    const [, row] = await screen.findAllByRole("row");
    expect(cellsOf(row as HTMLElement)[1]).toBe("– nothing scored");
  });

  it("marks a policy whose version was chosen on the same questions", async () => {
    const unranked = { rank: null, unranked: "chosen-on-these-questions", chosenOn: "test" } as const;
    await open(leaderboard({ entries: [policyEntry(unranked), policyEntry({ id: "other", chosenOn: "validation" })] }));
    const [, marked, other] = await screen.findAllByRole("row");
    expect(cellsOf(marked as HTMLElement)[1]).toBe("– chosen on these questions");
    const mark = within(marked as HTMLElement).getByText("flattered");
    expect(mark.title).toBe("Its version was chosen by its score on these questions: the score flatters it");
    expect(within(other as HTMLElement).queryByText("flattered")).toBeNull();
  });

  it("says where it is not known over how many questions a score is", async () => {
    await open(leaderboard({ entries: [policyEntry({ goldRecall: { value: 0.8, n: null, ci95: null } })] }));
    const [, row] = await screen.findAllByRole("row");
    expect(cellsOf(row as HTMLElement)).toContain("80.0 % n unknown");
  });

  it("says what was left out, and what stands behind a score, before what it cost", async () => {
    await open();
    await screen.findAllByRole("row");
    const headers = screen.getAllByRole("columnheader").map((header) => header.getAttribute("title") ?? "");
    const wanted = ["Gold record recall", "Failed", "Trajectories", "Provenance", "Searches per question"];
    const first = headers.indexOf("Gold record recall");
    expect(headers.slice(first, first + wanted.length)).toEqual(wanted);
  });

  it("leads to the run, and to the trajectories behind a score", async () => {
    await open();
    const row = (await screen.findByText("62.5 %")).closest("tr") as HTMLElement;
    expect(within(row).getByRole("link", { name: "quickstart" }).getAttribute("href")).toBe("/runs/run-1");
    const behind = within(row).getByRole("link", { name: /trajectories behind the score of quickstart/ });
    expect(behind.getAttribute("href")).toBe("/runs/run-1?tab=trajectories&stage=grpo&step=8&purpose=evaluation");
  });

  it("sorts and filters at the server, and keeps it in the address", async () => {
    const page = await open(leaderboard(), "/?offset=50");
    await press(await screen.findByRole("button", { name: "Exact match" }));
    expect(page.address()).toBe("/?sort=exactMatch&order=descending");
    expect(page.asked.at(-1)).toMatch(/sort=exactMatch&order=descending&offset=0/);
  });

  it("shows categories in place of the other scores", async () => {
    await open(leaderboard(), "/?byCategory=true");
    await screen.findAllByRole("row");
    const headers = screen.getAllByRole("columnheader").map((header) => header.getAttribute("title"));
    expect(headers).toEqual(["Policy", "Rank", "Exact match", "genes"]);
  });

  it("compares the two that are chosen, and lets no third be chosen", async () => {
    const third = policyEntry({ id: "run-2:sft:4", runId: "run-2", runName: "second" });
    await open(leaderboard({ entries: [policyEntry(), baselineEntry(), third] }));
    const boxes = (): HTMLInputElement[] => screen.getAllByRole("checkbox", { name: /to compare/ });
    await screen.findAllByRole("row");
    await press(boxes()[0] as HTMLElement);
    expect(screen.queryByRole("link", { name: "Compare" })).toBeNull();
    await press(boxes()[2] as HTMLElement);
    const href = screen.getByRole("link", { name: "Compare" }).getAttribute("href") ?? "";
    const search = new URL(href, "http://x").searchParams;
    expect(JSON.parse(search.get("runs") ?? "")).toEqual(["run-1", "run-2"]);
    expect([search.get("from"), search.get("to")]).toEqual(["run-1:base:0", "run-2:sft:4"]);
    expect(boxes().map(({ disabled }) => disabled)).toEqual([false, true, false]);
  });

  it("tells a newcomer what to run", async () => {
    await open(leaderboard({ sets: [], set: null, entries: [], categories: [] }));
    expect(await screen.findByText("npx litmus train configs/quickstart.yaml")).toBeDefined();
  });

  it("says what the server refused", async () => {
    await open(null, "/?set=gone");
    expect((await screen.findByRole("alert")).textContent).toContain("There is no such address");
  });
});
