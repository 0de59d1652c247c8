import type { Page } from "@playwright/test";
import { maxRows } from "../../packages/api/src/index.ts";
import type { Figure } from "./figure.ts";
import { onFreshPages, timeToRepaint, timeToShow } from "./measured-page.ts";
import type { Measuring } from "./measuring.ts";

const table = `document.querySelector("main table[aria-rowcount]")`;
const firstRow = `document.querySelector("main tbody tr[data-index]")`;
/** Place of a column that the runs are not sorted by at first. */
const firstSorted = 6;
const isQuiet = `${table}?.getAttribute("aria-busy") === "false"`;

/** The table of all runs with many columns: until it is there and sorts, how long a sort takes, and a filter. */
export async function measureRunsPage(
  measuring: Measuring,
  size: { runs: number; address: string },
): Promise<Figure[]> {
  const { browser, served, times } = measuring;
  const address = `${served.address}${size.address}`;
  const isShown = `${isQuiet} && Number(${table}.getAttribute("aria-rowcount")) === ${size.runs + 1} && ${firstRow} !== null`;
  const isInteractive = async (page: Page): Promise<number> => {
    const shown = await timeToShow(page, address, isShown);
    return shown + (await sort(page, firstSorted));
  };
  const afterStart: number[] = [];
  for (let time = 0; time < times; time++) {
    await served.stop();
    await served.start();
    afterStart.push(...(await onFreshPages(browser, 1, isInteractive)));
  }
  const warm = await onFreshPages(browser, times, isInteractive);
  const [sorts, filters] = await sortAndFilter(measuring, { address, isShown });
  const [ends, wholeSorts]: [number[], number[]] = [[], []];
  await onFreshPages(browser, times, async (page) => {
    await timeToShow(page, address, isShown);
    ends.push(await goToEnd(page, Math.min(size.runs, maxRows)));
    wholeSorts.push(await sort(page, firstSorted));
  });
  const bar = 2000;
  return [
    {
      name: "runs page, server just started, to a handled sort",
      unit: "ms",
      samples: afterStart,
      statistic: "median",
      bar,
    },
    { name: "runs page, warm server, to a handled sort", unit: "ms", samples: warm, statistic: "median", bar },
    { name: "runs page, sort", unit: "ms", samples: sorts, statistic: "median", bar: 300 },
    { name: "runs page, sort of all rows", unit: "ms", samples: wholeSorts, statistic: "median", bar: 300 },
    { name: "runs page, filter", unit: "ms", samples: filters, statistic: "median", bar: 300 },
    { name: "runs page, to its last row", unit: "ms", samples: ends, statistic: "median", bar: 500 },
  ];
}

async function sortAndFilter(
  { browser, times }: Measuring,
  { address, isShown }: { address: string; isShown: string },
): Promise<[sorts: number[], filters: number[]]> {
  const sorts: number[] = [];
  const filters: number[] = [];
  await onFreshPages(browser, 1, async (page) => {
    await timeToShow(page, address, isShown);
    for (let time = 0; time < times; time++) {
      sorts.push(await sort(page, firstSorted + time));
      filters.push(await filter(page, `sweep-${11 + time}`));
      await filter(page, "");
    }
  });
  return [sorts, filters];
}

/** Sorts by a column that was not sorted by yet: otherwise the page knows the answer. */
function sort(page: Page, column: number): Promise<number> {
  const heading = `document.querySelectorAll("main th[aria-sort] > span > button:first-child")[${column}]`;
  return timeToRepaint(
    page,
    `const button = ${heading}; const heading = button.closest("th"); button.click()`,
    `heading.getAttribute("aria-sort") !== "none" && ${isQuiet}`,
  );
}

/** Scrolls to where the last row stands, which is asked for only then. @param rows in the table */
function goToEnd(page: Page, rows: number): Promise<number> {
  return timeToRepaint(
    page,
    `const frame = ${table}.parentElement; frame.scrollTop = frame.scrollHeight`,
    `document.querySelector('main tbody tr[data-index="${rows - 1}"]') !== null`,
  );
}

/** Types words into the field that searches the runs; from the key to the rows of the new answer. */
function filter(page: Page, words: string): Promise<number> {
  return timeToRepaint(
    page,
    `const rowsBefore = ${table}.getAttribute("aria-rowcount");
     const field = document.querySelector("main input[type=search]");
     Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, ${JSON.stringify(words)});
     field.dispatchEvent(new Event("input", { bubbles: true }))`,
    `${table}.getAttribute("aria-rowcount") !== rowsBefore && ${isQuiet}`,
  );
}
