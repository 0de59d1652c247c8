import { chromium, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { chromiumPath } from "../../apps/dashboard/e2e/chromium.ts";

/** Real Chromium, as the tests have it. */
export function openChromium(): Promise<Browser> {
  // As root in a container Chromium has no sandbox; the pages are our own.
  return chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
}

/** A page in a context of its own: nothing is cached. Close its context after use. */
export async function freshPage(browser: Browser): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  return { page: await context.newPage(), context };
}

/** The frame after the one in which a condition holds is taken for the one that shows it: by then that one is painted. */
const untilPainted = (condition: string): string => `
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
  while (!(${condition})) await painted();
  const shownAt = await painted();`;

/**
 * Opens an address and waits until what a condition says is painted.
 * @param condition an expression in JavaScript, evaluated once a frame
 * @returns milliseconds since the navigation began
 */
export async function timeToShow(page: Page, address: string, condition: string): Promise<number> {
  await page.goto(address, { waitUntil: "commit" });
  return page.evaluate<number>(`(async () => { ${untilPainted(condition)} return shownAt; })()`);
}

/**
 * Does something in the page and waits until what a condition says is painted.
 * @param action a statement in JavaScript
 * @returns milliseconds since the action began
 */
export function timeToRepaint(page: Page, action: string, condition: string): Promise<number> {
  return page.evaluate<number>(
    `(async () => { const start = performance.now(); ${action}; ${untilPainted(condition)} return shownAt - start; })()`,
  );
}

/** Runs something a number of times, each with a page of its own. */
export async function onFreshPages<T>(browser: Browser, times: number, run: (page: Page) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let time = 0; time < times; time++) {
    const { page, context } = await freshPage(browser);
    results.push(await run(page));
    await context.close();
  }
  return results;
}
