import { runId } from "@litmus/core";
import { smallRuns } from "@litmus/testing/seed";
import { expect, test } from "./fixtures.ts";
import { open, pages } from "./pages.ts";

interface Scores {
  readonly perQuestion: readonly { readonly problemId: string; readonly greedy: 0 | 1 | null }[];
}

test("two checkpoints are paired question by question, and wins and losses are what the store says", async ({
  page,
  seeded,
}) => {
  const evaluations = await seeded.store.evaluations(runId(smallRuns.finished));
  const results = new Map(evaluations.map(({ stage, result }) => [stage, result as Scores]));
  const scores = (stage: string) => results.get(stage)?.perQuestion ?? [];
  const base = new Map(scores("base").map(({ problemId, greedy }) => [problemId, greedy]));
  const pairs = scores("grpo").map(({ problemId, greedy }) => [base.get(problemId) ?? null, greedy] as const);
  const wins = pairs.filter(([from, to]) => from === 0 && to === 1).length;
  const sides = `&from=${smallRuns.finished}:base:0&to=${smallRuns.finished}:grpo:8`;
  await open(page, `/compare?runs=${encodeURIComponent(JSON.stringify([smallRuns.finished]))}${sides}&outcome=win`);
  const rows = page.getByRole("table", { name: "Questions" }).locator("tbody tr");
  await expect(rows).toHaveCount(wins);
  expect(wins).toBeGreaterThan(0);
  // Either side is one click away, and so are both beside one another.
  const links = rows.first().locator("a[href*='/trajectories/']");
  const paths = await links.evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  expect(new Set(paths).size).toBe(2);
  await expect(rows.first().getByRole("link", { name: "side by side" })).toBeVisible();
});

test("configs are compared by their differences alone", async ({ page }) => {
  await open(page, pages.compare);
  const rows = page.getByRole("table", { name: "Config differences" }).locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("seed");
});

test("hiding a run leaves the points of the others as they are", async ({ page }) => {
  await open(page, pages.compare);
  await page.getByRole("button", { name: "Show Reward as a table" }).click();
  const table = page.getByRole("table", { name: "Reward: data" });
  const column = async (heading: RegExp): Promise<string[]> => {
    const headings = await table.getByRole("columnheader").allInnerTexts();
    const index = headings.findIndex((text) => heading.test(text));
    const rows = await table
      .locator("tbody tr")
      .evaluateAll(
        (elements, at) =>
          elements.map((row) => [row.children[0]?.textContent, row.children[at]?.textContent].join(" ")),
        index,
      );
    return rows.filter((row) => /\d$/.test(row));
  };
  const before = await column(/seed 2|textbook-2/);
  expect(before.length).toBeGreaterThan(0);
  await page.getByRole("list").getByRole("checkbox").first().click();
  await expect(page).toHaveURL(/hidden=/);
  expect(await column(/seed 2|textbook-2/)).toEqual(before);
});

test("a run is added by its name and removed again", async ({ page }) => {
  await open(page, pages.compare);
  await page
    .getByRole("button", { name: /^Remove/ })
    .last()
    .click();
  await expect(page.getByRole("button", { name: /^Remove/ })).toHaveCount(1);
  await page.goBack();
  await expect(page.getByRole("button", { name: /^Remove/ })).toHaveCount(2);
});
