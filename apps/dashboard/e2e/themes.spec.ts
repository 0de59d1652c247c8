import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { open, pages } from "./pages.ts";

/** Relative luminance of what lies behind the page, in [0, 1]. */
const brightness = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
    canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  });

const themeSwitch = (page: Page) => page.getByRole("button", { name: /^Theme:/ });

test("without a choice the page follows the system, at once when it changes", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, pages.leaderboard);
  expect(await brightness(page)).toBeLessThan(0.2);
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => brightness(page)).toBeGreaterThan(0.8);
});

test("a chosen theme outlives a reload, and wins over the system", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await open(page, pages.leaderboard);
  await expect(themeSwitch(page)).toHaveAccessibleName(/^Theme: system/);
  await themeSwitch(page).click();
  await themeSwitch(page).click();
  await expect(themeSwitch(page)).toHaveAccessibleName(/^Theme: dark/);
  expect(await brightness(page)).toBeLessThan(0.2);
  await page.reload();
  await expect(themeSwitch(page)).toHaveAccessibleName(/^Theme: dark/);
  expect(await brightness(page)).toBeLessThan(0.2);
  await themeSwitch(page).click();
  await expect(themeSwitch(page)).toHaveAccessibleName(/^Theme: system/);
  expect(await brightness(page)).toBeGreaterThan(0.8);
});

for (const colorScheme of ["light", "dark"] as const)
  for (const [name, address] of Object.entries(pages))
    test(`${name} in ${colorScheme} has the ground of its theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, address);
      const ground = await brightness(page);
      if (colorScheme === "dark") expect(ground).toBeLessThan(0.2);
      else expect(ground).toBeGreaterThan(0.8);
    });

/** How far the most colourful pixel of the first chart is from grey, in [0, 1]. */
const colourfulness = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("main figure canvas");
    const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let most = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.slice(i, i + 4);
      if (alpha > 200) most = Math.max(most, (Math.max(red, green, blue) - Math.min(red, green, blue)) / 255);
    }
    return most;
  });

for (const reducedMotion of ["reduce", "no-preference"] as const)
  test(`curves have their colours where motion is ${reducedMotion}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light", reducedMotion });
    await open(page, pages.run);
    await page.getByRole("application").first().scrollIntoViewIfNeeded();
    await expect.poll(() => colourfulness(page)).toBeGreaterThan(0.4);
  });
