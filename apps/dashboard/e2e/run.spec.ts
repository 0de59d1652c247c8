import { runId } from "@litmus/core";
import { smallRuns } from "@litmus/testing/seed";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { open, settled } from "./pages.ts";

const finished = `/runs/${smallRuns.finished}`;
const stat = (page: Page, label: string) =>
  page
    .locator("dl, div")
    .filter({ hasText: new RegExp(`^${label}`) })
    .last();

test("a run says how it stands: status, seed, stages, steps and cost", async ({ page, seeded }) => {
  await open(page, finished);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("textbook");
  await expect(page.getByText("finished", { exact: true }).first()).toBeVisible();
  await expect(page.getByText("seed 1", { exact: true })).toBeVisible();
  const stages = page.getByRole("list", { name: "Stages" }).getByRole("listitem");
  await expect(stages).toHaveCount(2);
  await expect(stages.nth(0)).toContainText("10 of 10 steps");
  await expect(stages.nth(1)).toContainText("8 of 8 steps");
  const keys = await seeded.store.rolloutKeys({ runId: runId(smallRuns.finished) });
  await expect(stat(page, "Trajectories")).toContainText(String(keys.length));
});

test("curves are drawn, and their points are what the store holds", async ({ page, seeded }) => {
  await open(page, finished);
  await expect(page.getByRole("application", { name: /^Reward\./ })).toBeVisible();
  await page.getByRole("button", { name: "Show Reward as a table" }).click();
  const rows = page.getByRole("table", { name: "Reward: data" }).locator("tbody tr");
  const rewards = (await seeded.store.metrics(runId(smallRuns.finished))).filter(({ name }) => name === "reward");
  await expect(rows).toHaveCount(rewards.length);
  const shown = await rows.evaluateAll((all) => all.map((row) => Number(row.children[2]?.textContent)));
  for (const [i, { value }] of rewards.entries()) expect(shown[i]).toBeCloseTo(value, 2);
  // Of hundreds of steps they scroll in the place of the chart: none below is pushed away.
  await expect(page.getByRole("group", { name: "Reward: data" })).toHaveCSS("max-height", "320px");
});

test("the axis, the smoothing and the seeds of the curves are in the address", async ({ page }) => {
  await open(page, finished);
  await page.getByRole("combobox", { name: "Over" }).selectOption({ value: "tokens" });
  await expect(page).toHaveURL(/x=tokens/);
  await page.getByRole("switch", { name: /Mean of 2 seeds/ }).click();
  await expect(page).toHaveURL(/seeds=true/);
  await settled(page);
});

test("a point of a curve is read by keyboard, all charts with it", async ({ page }) => {
  await open(page, finished);
  const chart = page.getByRole("application", { name: /^Reward\./ });
  await chart.focus();
  await page.keyboard.press("Home");
  await expect(page.getByText(/^step 11$/i).first()).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText(/^step 12$/i).first()).toBeVisible();
});

test("evaluations stand with n and interval, checkpoints with their hashes", async ({ page, seeded }) => {
  await open(page, `${finished}?tab=evaluations`);
  const evaluations = page.getByRole("table", { name: "Evaluations", exact: true }).locator("tbody tr");
  const stored = await seeded.store.evaluations(runId(smallRuns.finished));
  await expect(evaluations).toHaveCount(stored.length);
  for (const [i, { stage, result }] of stored.entries()) {
    const { exactMatch } = result as { exactMatch: number };
    await expect(evaluations.nth(i)).toContainText(stage);
    await expect(evaluations.nth(i)).toContainText(`${(100 * exactMatch).toFixed(1)} %`);
  }
  const checkpoints = await seeded.store.checkpoints(runId(smallRuns.finished));
  await expect(page.getByRole("table", { name: "Checkpoints" }).locator("tbody tr")).toHaveCount(checkpoints.length);
});

test("failures stand by boundary, each with examples that lead to a trajectory", async ({ page }) => {
  await open(page, `/runs/${smallRuns.failed}?tab=failures`);
  const rows = page.getByRole("table", { name: "Failures by boundary" }).locator("tbody tr");
  for (const code of ["search-timed-out", "model-process-exited", "episode-deadline", "scorer-error"])
    await expect(rows.filter({ hasText: code })).toHaveCount(1);
  await rows.filter({ hasText: "search-timed-out" }).getByRole("link").first().click();
  await expect(page).toHaveURL(/\/trajectories\/|tab=trajectories/);
});

test("questions are found, sorted and followed to one question", async ({ page }) => {
  await open(page, `${finished}?tab=questions`);
  await page.getByRole("searchbox", { name: "Find a question or an answer" }).fill("mosquito");
  const rows = page.getByRole("table", { name: "Questions" }).locator("tbody tr");
  await expect(rows).toHaveCount(2);
  await expect(page).toHaveURL(/search=mosquito/);
  await rows.first().getByRole("link").click();
  await expect(page).toHaveURL(/\/problems\/topic-11/);
});

test("the config shows what differs from its parent, and finds its keys", async ({ page }) => {
  await open(page, `/runs/${smallRuns.running}?tab=config`);
  const differences = page.getByRole("table", { name: "Config differences" }).locator("tbody tr");
  await expect(differences.filter({ hasText: "seed" })).toHaveCount(1);
  await page.getByRole("searchbox", { name: "Find in the config" }).fill("learningRate");
  await expect(page.getByRole("table", { name: "Config", exact: true }).locator("tbody tr")).toHaveCount(2);
});

test("control is refused in words where another process trains the run", async ({ page }) => {
  await open(page, `/runs/${smallRuns.running}`);
  const controls = page.getByRole("group", { name: "Control of the run" });
  await expect(controls.getByRole("button", { name: "Pause" })).toBeDisabled();
  await expect(controls).toHaveAccessibleDescription(/.+/);
});
