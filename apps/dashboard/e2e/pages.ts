import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";

export { pageAddresses as pages, partAddresses as parts } from "./page-addresses.ts";

/** Opens an address and waits until the page shows what it holds. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await settled(page);
}

/** Resolves when nothing is being fetched or drawn for the first time. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.getByRole("main").getByText(/^Loading /)).toHaveCount(0);
}
