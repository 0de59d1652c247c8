import { readFile } from "node:fs/promises";
import { runId, type TrajectoryStore } from "@litmus/core";
import { smallRuns } from "@litmus/testing/seed";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { open, pages, settled } from "./pages.ts";

interface Scores {
  readonly n: number;
  readonly exactMatch: number;
  readonly ci95: { readonly low: number; readonly high: number };
  readonly byCategory: Readonly<Record<string, unknown>>;
}

/** Last evaluations on the own-written records: the base of one run stands for all, as they share model and prompt. */
async function storedScores(store: TrajectoryStore): Promise<Map<string, Scores>> {
  const ids = [smallRuns.finished, smallRuns.running, smallRuns.baseline].map((id) => runId(id));
  const all = (await Promise.all(ids.map((id) => store.evaluations(id)))).flat();
  return new Map(all.map(({ runId: id, stage, step, result }) => [`${id}:${stage}:${step}`, result as Scores]));
}

const rows = (page: Page) => page.getByRole("table", { name: "Policies" }).locator("tbody tr");
const percent = (value: number): string => (100 * value).toFixed(1);

async function exportAs(page: Page, format: "CSV" | "JSON"): Promise<string> {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: format }).click(),
  ]);
  return readFile(await download.path(), "utf8");
}

test("each policy stands with its score, its n and its interval, as they are stored", async ({ page, seeded }) => {
  const stored = await storedScores(seeded.store);
  await open(page, pages.leaderboard);
  const shown = [
    { row: rows(page).filter({ hasText: "grpo, step 8, seed 1" }), id: `${smallRuns.finished}:grpo:8` },
    { row: rows(page).filter({ hasText: "sft, step 10, seed 2" }), id: `${smallRuns.running}:sft:10` },
    { row: rows(page).filter({ hasText: smallRuns.baseline }), id: `${smallRuns.baseline}:base:0` },
  ];
  for (const { row, id } of shown) {
    const { n, exactMatch, ci95 } = stored.get(id) as Scores;
    await expect(row).toContainText(`${percent(exactMatch)} % (${percent(ci95.low)}–${percent(ci95.high)}) n ${n}`);
  }
});

test("ranks tie where chance may have made the difference, and baselines stay whatever the filters say", async ({
  page,
}) => {
  await open(page, pages.leaderboard);
  const best = rows(page).filter({ hasText: "grpo, step 8, seed 1" });
  await expect(best.getByRole("cell").first()).toHaveText("1");
  await expect(rows(page).filter({ hasText: "2=" })).toHaveCount(4);
  await page.getByRole("searchbox", { name: "Find a policy" }).fill("no such policy");
  await expect(page).toHaveURL(/search=no/);
  await settled(page);
  await expect(rows(page).filter({ hasText: "baseline" })).toHaveCount(2);
  await expect(best).toHaveCount(0);
});

test("a sort by a column is in the address, and turns round", async ({ page }) => {
  await open(page, pages.leaderboard);
  const heading = page.getByRole("columnheader", { name: /^Gold record recall/ });
  await heading.getByRole("button").first().click();
  await expect(page).toHaveURL(/sort=goldRecall/);
  const first = await heading.getAttribute("aria-sort");
  await heading.getByRole("button").first().click();
  await expect(heading).not.toHaveAttribute("aria-sort", first ?? "");
});

test("scores by category stand in place of the others", async ({ page, seeded }) => {
  const stored = await storedScores(seeded.store);
  await open(page, pages.leaderboard);
  await page.getByRole("switch", { name: "By category" }).click();
  await expect(page).toHaveURL(/byCategory=true/);
  for (const category of Object.keys(stored.get(`${smallRuns.finished}:grpo:8`)?.byCategory ?? {}))
    await expect(page.getByRole("columnheader", { name: new RegExp(category) })).toBeVisible();
});

test("the exported table holds what the page shows", async ({ page, seeded }) => {
  const stored = await storedScores(seeded.store);
  await open(page, pages.leaderboard);
  await expect(rows(page).first()).toBeVisible();
  const [header = "", ...lines] = (await exportAs(page, "CSV")).trimEnd().split("\r\n");
  const names = header.split(",");
  const cell = (line: string, name: string): string => line.split(",")[names.indexOf(name)] ?? "";
  await expect(rows(page)).toHaveCount(lines.length);
  for (const line of lines) {
    const id = `${cell(line, "run")}:${cell(line, "stage")}:${cell(line, "step")}`;
    expect(Number(cell(line, "exactMatch"))).toBeCloseTo((stored.get(id) as Scores).exactMatch, 12);
    expect(Number(cell(line, "exactMatch_n"))).toBe((stored.get(id) as Scores).n);
  }
  const board = JSON.parse(await exportAs(page, "JSON")) as { entries: { id: string }[] };
  expect(board.entries.map(({ id }) => id)).toEqual(
    lines.map((line) => `${cell(line, "run")}:${cell(line, "stage")}:${cell(line, "step")}`),
  );
});

test("two policies are chosen and compared question by question", async ({ page }) => {
  await open(page, pages.leaderboard);
  await rows(page).filter({ hasText: "sft, step 10, seed 1" }).getByRole("checkbox").click();
  await rows(page).filter({ hasText: "grpo, step 8, seed 1" }).getByRole("checkbox").click();
  await page.getByRole("link", { name: "Compare", exact: true }).last().click();
  await expect(page).toHaveURL(/from=.*sft.*to=.*grpo/);
  await settled(page);
  await expect(page.getByRole("table", { name: "Questions" })).toBeVisible();
});

test("another evaluation set ranks other policies", async ({ page }) => {
  await open(page, pages.leaderboard);
  const choice = page.getByRole("combobox", { name: "Evaluation set" });
  const other = await choice.getByRole("option", { name: /pubmed/ }).innerText();
  await choice.selectOption({ label: other });
  await expect(rows(page).filter({ hasText: smallRuns.failed }).first()).toBeVisible();
  await expect(rows(page).filter({ hasText: smallRuns.baseline })).toHaveCount(0);
});
