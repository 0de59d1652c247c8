import { runId } from "@litmus/core";
import { smallRuns } from "@litmus/testing/seed";
import { expect, test } from "./fixtures.ts";
import { open } from "./pages.ts";

const running = runId(smallRuns.running);

test("a step that ends while one reads appears, and leaves zoom, table, focus and place as they are", async ({
  page,
  seeded,
}) => {
  const zoom = encodeURIComponent(JSON.stringify({ from: 12, to: 18 }));
  await open(page, `/runs/${running}?zoom=${zoom}&smooth=0.5`);
  await page.getByRole("button", { name: "Show Reward as a table" }).click();
  const rows = page.getByRole("table", { name: "Reward: data" }).locator("tbody tr");
  await expect(rows).toHaveCount(4);
  await page.getByRole("figure", { name: "Entropy" }).scrollIntoViewIfNeeded();
  const chart = page.getByRole("application", { name: /^Entropy\./ });
  await chart.focus();
  const address = page.url();
  /** From the top of the window: what is read stays there, also where the page grew above it. */
  const place = async (): Promise<number> => (await chart.boundingBox())?.y ?? Number.NaN;
  const before = await place();

  const metric = { runId: running, stage: "grpo", step: 6, name: "reward", value: 0.123 };
  await seeded.store.saveMetrics([metric]);
  await expect(rows).toHaveCount(5);
  await expect(rows.last()).toContainText("0.123");
  expect(page.url()).toBe(address);
  await expect(chart).toBeFocused();
  expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(1);

  // A row that is written again is no further point.
  await seeded.store.saveMetrics([metric, { ...metric, step: 7, value: 0.456 }]);
  await expect(rows.last()).toContainText("0.456");
  await expect(rows).toHaveCount(6);
});
