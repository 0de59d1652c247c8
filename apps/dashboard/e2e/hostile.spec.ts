import { hostileRun, hostileTexts, hostileTrajectory } from "@litmus/testing/seed";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { open } from "./pages.ts";

test.use({ seed: "hostile" });

const run = `/runs/${hostileRun}`;
const addresses = {
  leaderboard: "/",
  runs: "/runs",
  run,
  evaluations: `${run}?tab=evaluations`,
  questions: `${run}?tab=questions`,
  trajectories: `${run}?tab=trajectories`,
  failures: `${run}?tab=failures`,
  config: `${run}?tab=config`,
  compare: `/compare?runs=${encodeURIComponent(JSON.stringify([hostileRun, "named-3"]))}`,
  problem: `${run}/problems/${encodeURIComponent(`0 ${hostileTexts[0] ?? ""}`)}`,
  trajectory: `/trajectories/${hostileTrajectory}`,
  tokens: `/trajectories/${hostileTrajectory}?tab=tokens`,
  group: `/trajectories/${hostileTrajectory}?tab=group`,
  system: "/system",
};

/** Pixels by which the page is wider than its window. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Elements that only a text read as markup would have made. */
const foreign = (page: Page): Promise<number> =>
  page
    .locator(
      "main :is(script, iframe, object, embed, base, meta, link, form[action*=hostile], marquee, [onerror], [onload])",
    )
    .count();

/** Brings the first screens of a page into the document, as many as hold all of most pages. */
async function readThrough(page: Page): Promise<void> {
  let last = -1;
  for (let step = 0; step < 20; step++) {
    const top = await page.evaluate(() => (window.scrollBy(0, window.innerHeight), window.scrollY));
    if (top === last) return;
    last = top;
  }
}

// What a hostile text would do is seen by the fixture `trouble`, in every test.
async function expectWhole(page: Page): Promise<void> {
  await readThrough(page);
  expect(await foreign(page)).toBe(0);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await expect(page.getByRole("navigation", { name: "Pages", exact: true })).toBeVisible();
}

for (const width of [1280, 360]) {
  for (const [name, address] of Object.entries(addresses))
    test(`${name} at ${width} px runs nothing and keeps its layout`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await open(page, address);
      await expectWhole(page);
    });

  test(`an answer to a question at ${width} px runs nothing and keeps its layout`, async ({ page, seeded }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `/ask#token=${seeded.token}`);
    await page.getByRole("textbox", { name: "Question" }).fill(hostileTexts.slice(0, 20).join(" "));
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await expect(page.getByRole("link", { name: "Open the trajectory" })).toBeVisible();
    await expectWhole(page);
  });
}

test("names are shown as they are written, character by character", async ({ page }) => {
  await open(page, "/runs?search=onerror");
  const shown = await page.getByRole("table", { name: "Runs" }).locator("tbody tr a").allTextContents();
  const names = hostileTexts.filter((text) => text.includes("onerror") && text.length < 60);
  for (const name of names) expect(shown).toContain(name);
});
