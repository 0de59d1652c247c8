/**
 * @file Pictures of every page on the small seeded store, in both themes: `node bin/run.mjs node scripts/screenshot-dashboard.ts`
 * writes docs/images/<page>-<theme>.png. With `--narrow <folder>` the pages at 360 px go into a folder of their own.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page, Route } from "@playwright/test";
import { pageAddresses } from "../apps/dashboard/e2e/page-addresses.ts";
import { serveSeeded } from "../apps/dashboard/e2e/serve-seeded.ts";
import { openChromium } from "./dashboard-figures/measured-page.ts";

const { values } = parseArgs({
  options: { narrow: { type: "string" }, out: { type: "string", default: "docs/images" } },
});

/** Of one picture, in bytes. */
const largest = 250_000;
/** Device pixels a CSS pixel: the first that gives a picture small enough. */
const scales = [2, 1.5, 1.25, 1];
const wide = { width: 1440, height: 900 };
const narrow = { width: 360, height: 780 };
/** A day after the seeded runs, so that no picture depends on when it is taken. */
const now = new Date("2026-03-06T09:00:00.000Z");

interface Shot {
  readonly address: string;
  readonly colorScheme: "light" | "dark";
  readonly viewport: { readonly width: number; readonly height: number };
}

async function take(browser: Browser, { address, colorScheme, viewport }: Shot, scale: number): Promise<Buffer> {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    deviceScaleFactor: scale,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(now);
  await page.route("**/api/system", startedBefore);
  await page.goto(address);
  await settle(page);
  if (address.includes("/ask")) await ask(page);
  const picture = await page.screenshot({ caret: "hide" });
  await context.close();
  return picture;
}

/** The real server began after the pictures' present. */
async function startedBefore(route: Route): Promise<void> {
  const response = await route.fetch();
  const system = (await response.json()) as { server: object };
  const startedAt = new Date(now.getTime() - 50 * 3_600_000).toISOString();
  await route.fulfill({ response, json: { ...system, server: { ...system.server, startedAt } } });
}

async function ask(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Question" }).fill("Which mosquito genus carries malaria?");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await page.getByRole("link", { name: "Open the trajectory" }).waitFor();
}

async function settle(page: Page): Promise<void> {
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector("main [aria-busy=true]") === null);
  await page.evaluate(() => document.fonts.ready);
}

async function fitting(browser: Browser, shot: Shot): Promise<Buffer> {
  for (const scale of scales) {
    const picture = await take(browser, shot, scale);
    if (picture.length <= largest) return picture;
  }
  throw new Error(`${shot.address} does not fit into ${largest} bytes at any scale`);
}

const seeded = await serveSeeded("small");
const browser = await openChromium();
try {
  const [folder, viewport] = values.narrow === undefined ? [values.out, wide] : [values.narrow, narrow];
  await mkdir(folder, { recursive: true });
  for (const [name, path] of Object.entries(pageAddresses))
    for (const colorScheme of ["light", "dark"] as const) {
      const picture = await fitting(browser, {
        address: `${seeded.address}${path}#token=${seeded.token}`,
        colorScheme,
        viewport,
      });
      const file = join(folder, `${name}-${colorScheme}.png`);
      await writeFile(file, picture);
      console.log(`${file} ${Math.round(picture.length / 1000)} kB`);
    }
} finally {
  await browser.close();
  await seeded.close();
}
