import provide from "../../../scripts/test-model.ts";
import { expect, test as seededTest } from "./fixtures.ts";
import { settled } from "./pages.ts";
import { trainQuickstart, type Training } from "./train-quickstart.ts";

const test = seededTest.extend<object, { training: Training }>({
  training: [
    async ({ browserName: _browserName }, use) => {
      const training = await trainQuickstart();
      await use(training);
      await training.dispose();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  address: [async ({ training }, use) => use(new URL(training.address).origin), { scope: "worker" }],
});

await provide();
test.skip(process.env["LITMUS_TEST_MODEL"] === undefined, "the quickstart's model cannot be had");

test("the page follows a real quickstart to its end without being loaded again", async ({
  page,
  training,
  trouble,
}) => {
  test.setTimeout(600_000);
  await page.goto(`/runs/${training.runId}`);
  await settled(page);
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  const stages = page.getByRole("list", { name: "Stages" });
  await expect(page.getByRole("banner").getByRole("status")).toHaveText("live");
  await expect(stages).toContainText("2 of 2 steps", { timeout: 240_000 });
  await expect(page.getByText("running", { exact: true }).first()).toBeVisible();
  // The run's own process serves the page: it ends with the run.
  trouble.expectOutage();
  await expect(page.getByText("finished", { exact: true }).first()).toBeVisible({ timeout: 240_000 });
  await expect(stages.getByText("2 of 2 steps")).toHaveCount(2);
  expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
  expect(await training.ended).toBe(0);
});
