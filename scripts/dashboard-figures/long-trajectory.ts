import type { Figure } from "./figure.ts";
import { heapMegabytes, scrollFrames } from "./frames.ts";
import { onFreshPages, timeToShow } from "./measured-page.ts";
import type { Measuring } from "./measuring.ts";

const hasTurn = `document.querySelector("main [role=list][aria-label=Turns] article") !== null`;
const hasTokens = `document.querySelectorAll("main [data-token]").length > 20`;

/** A long trajectory: until its first turn and its first tokens are there, how large its page is, and how it scrolls. */
export async function measureLongTrajectory({ browser, served, times }: Measuring, id: string): Promise<Figure[]> {
  const address = `${served.address}/trajectories/${id}`;
  const turns: number[] = [];
  const tokens: number[] = [];
  const heaps: number[] = [];
  const frames: number[] = [];
  await onFreshPages(browser, times, async (page) => {
    turns.push(await timeToShow(page, address, hasTurn));
    frames.push(await scrollFrames(page, { pixelsPerFrame: 120, frames: 180 }));
  });
  await onFreshPages(browser, times, async (page) => {
    tokens.push(await timeToShow(page, `${address}?tab=tokens`, hasTokens));
    frames.push(await scrollFrames(page, { pixelsPerFrame: 120, frames: 180 }));
    heaps.push(await heapMegabytes(page));
  });
  return [
    { name: "long trajectory, first turn painted", unit: "ms", samples: turns, statistic: "median", bar: 2000 },
    { name: "long trajectory, first tokens painted", unit: "ms", samples: tokens, statistic: "median", bar: 2000 },
    {
      name: "long trajectory, heap after scrolling its tokens",
      unit: "MB",
      samples: heaps,
      statistic: "max",
      bar: 400,
    },
    { name: "long trajectory, scrolling", unit: "frames/s", samples: frames, statistic: "median", bar: 50 },
  ];
}
