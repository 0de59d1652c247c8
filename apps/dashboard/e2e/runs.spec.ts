import { smallRuns } from "@litmus/testing/seed";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { open, pages, settled } from "./pages.ts";

const rows = (page: Page) => page.getByRole("table", { name: "Runs" }).locator("tbody tr");

test("all runs stand in one table, the newest first, each leading to its page", async ({ page, seeded }) => {
  await open(page, pages.runs);
  const stored = (await seeded.store.runs()).filter(({ id }) => id !== smallRuns.asked);
  await expect(rows(page)).toHaveCount(stored.length);
  for (const [i, { name, status }] of stored.entries()) {
    await expect(rows(page).nth(i)).toContainText(name);
    await expect(rows(page).nth(i)).toContainText(status);
  }
  await rows(page).first().getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/runs/${smallRuns.running}`));
});

test("words and a status narrow the table, and all filters are taken away at once", async ({ page }) => {
  await open(page, pages.runs);
  await page.getByRole("searchbox", { name: /^Find by name/ }).fill(smallRuns.baseline);
  await expect(rows(page)).toHaveCount(1);
  await page
    .getByRole("button", { name: /^Status/ })
    .first()
    .click();
  await page.getByRole("checkbox", { name: /^failed/ }).click();
  await expect(page).toHaveURL(/status=.*failed/);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Take all filters away" }).click();
  await expect(rows(page)).toHaveCount(4);
});

test("runs of one config but for the seed are a group, with the mean and its n", async ({ page }) => {
  await open(page, pages.runs);
  await page.getByRole("switch", { name: "Group seeds" }).click();
  await expect(page).toHaveURL(/group=seeds/);
  await expect(rows(page)).toHaveCount(3);
  await expect(rows(page).filter({ hasText: "n 2" })).toHaveCount(1);
  await page.getByRole("button", { name: /^Show the 2 runs of/ }).click();
  await expect(rows(page)).toHaveCount(5);
});

test("a baseline is pinned, and columns are chosen", async ({ page }) => {
  await open(page, pages.runs);
  const row = rows(page).filter({ hasText: smallRuns.failed });
  await row.hover();
  await row.getByRole("button", { name: /^Make .* the baseline$/ }).click();
  await expect(page).toHaveURL(/baseline=/);
  await settled(page);
  await expect(rows(page).first()).toContainText("baseline");
  await page.getByRole("button", { name: "Columns" }).click();
  const before = await page.getByRole("columnheader").count();
  await page.getByRole("group", { name: "Columns" }).getByRole("checkbox").last().click();
  await expect.poll(() => page.getByRole("columnheader").count()).not.toBe(before);
  await expect(page).toHaveURL(/columns=/);
});

test("a sort is asked of the server and shown at the heading", async ({ page }) => {
  await open(page, `${pages.runs}?sort=name&order=ascending`);
  const names = async (): Promise<string[]> =>
    (await rows(page).getByRole("link").allInnerTexts()).map((text) => text.trim());
  const ascending = await names();
  expect(ascending).toEqual(ascending.toSorted());
  await page.getByRole("columnheader", { name: /^Run/ }).getByRole("button").first().click();
  await expect(page).toHaveURL(/order=descending|sort=name(?!.*ascending)/);
  await expect.poll(names).toEqual(ascending.toSorted().toReversed());
});

test("chosen runs are compared", async ({ page }) => {
  await open(page, pages.runs);
  for (const name of ["textbook textbook to", "textbook textbook-2"])
    await page.getByRole("checkbox", { name: new RegExp(`^Choose ${name}`) }).click();
  await page.getByRole("link", { name: "Compare", exact: true }).last().click();
  await expect(page).toHaveURL(/\/compare\?runs=.*textbook-2/);
});
