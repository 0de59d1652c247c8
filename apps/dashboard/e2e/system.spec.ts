import { smallRuns } from "@litmus/testing/seed";
import { expect, test } from "./fixtures.ts";
import { open, pages } from "./pages.ts";

test("the store is counted, its failures by boundary", async ({ page, seeded }) => {
  const runs = await seeded.store.runs();
  const totals = await seeded.store.rolloutTotals(runs.map(({ id }) => id));
  const trajectories = totals.reduce((sum, each) => sum + each.trajectories, 0);
  await open(page, pages.system);
  await expect(page.getByText("Trajectories", { exact: true }).locator("..")).toContainText(
    trajectories.toLocaleString("en-GB"),
  );
  for (const failure of ["retrieval/search-timed-out", "policy/model-process-exited", "reward/scorer-error"])
    await expect(page.getByRole("link", { name: failure })).toBeVisible();
});

test("the queue shows its depth, its workers and what it gave up", async ({ page }) => {
  await open(page, pages.system);
  for (const worker of ["worker-1", "worker-2"]) await expect(page.getByRole("row", { name: worker })).toBeVisible();
  await expect(page.getByText("worker-lost")).toBeVisible();
});

test("records of PubMed are credited, own-written ones are not", async ({ page }) => {
  await open(page, pages.system);
  const rows = page.getByRole("row");
  await expect(rows.filter({ hasText: "textbook-pubmed" }).first()).toContainText(/National Library of Medicine/);
  await expect(rows.filter({ hasText: "textbook-own" }).first()).not.toContainText(/National Library of Medicine/);
});

test("a failure leads to the trajectories that failed so", async ({ page }) => {
  await open(page, pages.system);
  await page.getByRole("link", { name: "retrieval/search-timed-out" }).click();
  await expect(page).toHaveURL(new RegExp(`/runs/(${Object.values(smallRuns).join("|")})\\?.*failure=`));
  await expect(page.getByRole("table", { name: "Trajectories" }).locator("tbody tr").first()).toBeVisible();
});
