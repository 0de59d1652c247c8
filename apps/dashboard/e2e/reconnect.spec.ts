import { commitLiveStep, liveRun } from "@litmus/testing/seed";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { open } from "./pages.ts";

test.use({ seed: "live" });

const status = (page: Page) => page.getByRole("banner").getByRole("status");

/** Steps of the curve of rewards, as its table has them. */
const steps = (page: Page): Promise<string[]> =>
  page
    .getByRole("table", { name: "Reward: data" })
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => row.firstElementChild?.textContent ?? ""));

test("a step that is committed is on the screen, without anybody asking for it", async ({ page, seeded }) => {
  await commitLiveStep(seeded.store, 2);
  await open(page, `/runs/${liveRun}`);
  await expect(status(page)).toHaveText("live");
  await page.getByRole("button", { name: "Show Reward as a table" }).click();
  await expect.poll(() => steps(page)).toEqual(["1", "2"]);
  await commitLiveStep(seeded.store, 3);
  await expect.poll(() => steps(page)).toEqual(["1", "2", "3"]);
  await expect(page.getByRole("list", { name: "Stages" })).toContainText("3 of 1,000 steps");
});

test("after a restart at the same port the page comes back and shows each step once", async ({
  page,
  seeded,
  trouble,
}) => {
  await open(page, `/runs/${liveRun}`);
  await expect(status(page)).toHaveText("live");
  await page.getByRole("button", { name: "Show Reward as a table" }).click();
  const before = await steps(page);
  trouble.expectOutage();
  await seeded.stop();
  await expect(status(page)).toHaveText(/polling|offline/);
  // Written while nobody listens: the page must fetch it, and what it had must not come twice.
  await commitLiveStep(seeded.store, before.length + 1);
  await seeded.start();
  await expect(status(page)).toHaveText("live", { timeout: 10_000 });
  await expect.poll(() => steps(page)).toEqual([...before, String(before.length + 1)]);
});
