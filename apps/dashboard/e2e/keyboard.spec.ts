import { smallRuns } from "@litmus/testing/seed";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { open, settled } from "./pages.ts";

/** Presses Tab until what is wanted has the focus; at most so often. */
async function tabTo(page: Page, isThere: () => Promise<boolean>, presses = 60): Promise<void> {
  for (let press = 0; press < presses; press++) {
    await page.keyboard.press("Tab");
    if (await isThere()) return;
  }
  throw new Error(`not reached by ${presses} presses of Tab`);
}

const focused = (page: Page) => page.locator(":focus");

test("from a run to its questions, one question, a trajectory and its tokens without a mouse", async ({ page }) => {
  await open(page, `/runs/${smallRuns.finished}`);
  await tabTo(page, async () => (await focused(page).getAttribute("role")) === "tab");
  while (!(await focused(page).innerText()).startsWith("Questions")) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await settled(page);
  await page.keyboard.press("j");
  await expect(focused(page)).toHaveAttribute("data-index", "0");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/problems\//);
  await settled(page);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/trajectories\//);
  await settled(page);
  await tabTo(page, async () => (await focused(page).getAttribute("role")) === "tab");
  while (!(await focused(page).innerText()).startsWith("Tokens")) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-token]").first()).toBeVisible();
  await tabTo(page, async () => (await focused(page).getAttribute("data-token")) !== null);
  await page.keyboard.press("ArrowRight");
  await expect(focused(page)).toHaveAttribute("data-token", "1");
  await page.keyboard.press("Shift+ArrowRight");
  await expect(page).toHaveURL(/tokens=/);
});

test("slash finds, escape leaves, a question mark explains", async ({ page }) => {
  await open(page, "/");
  await page.keyboard.press("/");
  const field = page.getByRole("search").getByRole("searchbox");
  await expect(field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(field).not.toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type(smallRuns.failed);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/runs\\?.*${smallRuns.failed}`));
});

test("the first stop of Tab leads past the navigation", async ({ page }) => {
  await open(page, "/");
  await page.keyboard.press("Tab");
  await expect(focused(page)).toHaveText("Skip to the content");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});
