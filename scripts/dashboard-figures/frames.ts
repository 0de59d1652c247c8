import type { Page } from "@playwright/test";

/**
 * Moves the mouse over an element and takes, for each move, the time from the event to the end of the frame that shows its effect.
 * @returns milliseconds, one a move that reached the page
 */
export async function timeMouseMoves(page: Page, selector: string, moves: number): Promise<number[]> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`there is no ${selector} to move over`);
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { moveTimes: times });
    window.addEventListener(
      "mousemove",
      (event) =>
        requestAnimationFrame(() => {
          // A message is handled after the frame that is being made now.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => void times.push(performance.now() - event.timeStamp);
          port2.postMessage(null);
        }),
      { capture: true },
    );
  });
  for (let move = 0; move < moves; move++) {
    const share = 0.1 + (0.8 * move) / moves;
    await page.mouse.move(box.x + box.width * share, box.y + box.height * (0.3 + 0.4 * ((move * 7) % 10) * 0.1));
  }
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  return page.evaluate(() => (window as unknown as { moveTimes: number[] }).moveTimes);
}

/** Frames a second while the page, or the largest element in it that scrolls, is scrolled from top towards its end. */
export function scrollFrames(
  page: Page,
  { pixelsPerFrame, frames }: { pixelsPerFrame: number; frames: number },
): Promise<number> {
  return page.evaluate(
    async ({ pixelsPerFrame: pixels, frames: count }) => {
      const scrollable = [...document.querySelectorAll("*")].filter(
        (element) =>
          element.scrollHeight > element.clientHeight + 200 && /auto|scroll/.test(getComputedStyle(element).overflowY),
      );
      const largest = scrollable.toSorted((a, b) => b.scrollHeight - a.scrollHeight)[0];
      const target = largest ?? (document.scrollingElement as Element);
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const start = await frame();
      let end = start;
      for (let i = 0; i < count; i++) {
        target.scrollBy(0, pixels);
        end = await frame();
      }
      return (count * 1000) / (end - start);
    },
    { pixelsPerFrame, frames },
  );
}

/** The page's JavaScript heap after a collection, in MB (10⁶ bytes). */
export async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  await session.detach();
  const used = metrics.find(({ name }) => name === "JSHeapUsedSize");
  if (used === undefined) throw new Error("Chromium did not say how large its heap is");
  return used.value / 1e6;
}
