import type { Figure } from "./figure.ts";
import { timeMouseMoves } from "./frames.ts";
import { onFreshPages, timeToShow } from "./measured-page.ts";
import type { Measuring } from "./measuring.ts";

/** The first chart's canvas holds drawn pixels. */
const isDrawn = `(() => {
  const canvas = document.querySelector("main figure canvas");
  if (canvas === null || canvas.width === 0) return false;
  const { data } = canvas.getContext("2d").getImageData(canvas.width >> 1, 0, 8, canvas.height);
  return data.some((value, i) => i % 4 === 3 && value > 0);
})()`;

const moves = 60;

/** Curves of many long runs in one chart: until it is drawn, and how long the crosshair takes to follow the mouse. */
export async function measureOverlay({ browser, served, times }: Measuring, address: string): Promise<Figure[]> {
  const paints: number[] = [];
  const hovers: number[] = [];
  await onFreshPages(browser, times, async (page) => {
    paints.push(await timeToShow(page, `${served.address}${address}`, isDrawn));
    await page.waitForFunction(`document.querySelector("main [aria-busy=true]") === null`);
    hovers.push(...(await timeMouseMoves(page, "main figure canvas", moves)));
  });
  return [
    { name: "overlay, first chart painted", unit: "ms", samples: paints, statistic: "median", bar: 1500 },
    { name: "overlay, mouse move to frame", unit: "ms", samples: hovers, statistic: "p95", bar: 32 },
  ];
}
