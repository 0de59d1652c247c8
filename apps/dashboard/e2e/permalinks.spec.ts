import type { Page } from "@playwright/test";
import { smallRuns, smallTrajectories } from "@litmus/testing/seed";
import { expect, test } from "./fixtures.ts";
import { open, pages, settled } from "./pages.ts";

/** What a view shows, without what depends on when it is looked at. */
async function shown(page: Page): Promise<string> {
  const text = await page.getByRole("main").innerText();
  const fields = await page
    .getByRole("main")
    .locator("input, select, [role=tab], [aria-pressed], [aria-sort]")
    .evaluateAll((elements) =>
      elements.map((element) => [
        element instanceof HTMLInputElement ? `${element.value} ${element.checked}` : "",
        element.getAttribute("aria-selected"),
        element.getAttribute("aria-pressed"),
        element.getAttribute("aria-sort"),
      ]),
    );
  return `${text.replace(/\d+ (?:seconds?|minutes?|s|min) ago/g, "")}\n${JSON.stringify(fields)}`;
}

/** Long lists are drawn row by row, as their rows are measured. */
const expectSame = (one: Page, other: Page): Promise<void> =>
  expect(async () => expect(await shown(one)).toBe(await shown(other))).toPass();

/** Views with something chosen in each part of their address. */
const views = {
  "the tokens of a trajectory, coloured by advantage": `/trajectories/${smallTrajectories.trained}?tab=tokens&mode=advantage`,
  "words found in the turns": `/trajectories/${smallTrajectories.trained}?find=record`,
  "the questions of a run, by their change": `/runs/${smallRuns.finished}?tab=questions&sort=change&order=descending`,
  "failed trajectories of a run": `/runs/${smallRuns.failed}?tab=trajectories&outcome=failed`,
  "curves over tokens, smoothed": `/runs/${smallRuns.finished}?x=tokens&smooth=0.6`,
};

for (const [name, address] of Object.entries(views))
  test(`${name}: the address alone brings the view back`, async ({ page, context }) => {
    await open(page, address);
    const other = await context.newPage();
    await open(other, page.url());
    await expectSame(page, other);
    await page.reload();
    await settled(page);
    await expectSame(page, other);
  });

for (const [name, address] of Object.entries(pages))
  test(`${name} asks for nothing twice when it is opened`, async ({ page }) => {
    const asked: string[] = [];
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      if (pathname.startsWith("/api/")) asked.push(pathname + search);
    });
    await open(page, address);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked).toEqual([...new Set(asked)]);
  });

test("an address that is malformed shows the defaults", async ({ page }) => {
  await open(page, `/runs/${smallRuns.finished}`);
  const before = await shown(page);
  await open(page, `/runs/${smallRuns.finished}?tab=nonsense&x=7&smooth=[1]&zoom=never&step=-1`);
  expect(await shown(page)).toBe(before);
});

test("back and forward go through the tabs that were opened", async ({ page }) => {
  await open(page, `/trajectories/${smallTrajectories.trained}`);
  await page.getByRole("tab", { name: /^Group/ }).click();
  await expect(page).toHaveURL(/tab=group/);
  await page.goBack();
  await expect(page.getByRole("tab", { name: /^Turns/ })).toHaveAttribute("aria-selected", "true");
  await page.goForward();
  await expect(page.getByRole("tab", { name: /^Group/ })).toHaveAttribute("aria-selected", "true");
});
