import { setTimeout } from "node:timers/promises";
import { createRng } from "../../packages/core/src/index.ts";
import { liveRun, commitLiveStep } from "../../packages/testing/src/seed/index.ts";
import type { Figure } from "./figure.ts";
import { onFreshPages } from "./measured-page.ts";
import type { Measuring } from "./measuring.ts";

/** Commits steps while the page of their run is open, and takes how long each needs until the page shows it. */
export async function measureCommitToScreen({ browser, served }: Measuring, commits: number): Promise<Figure[]> {
  const rng = createRng("commits");
  const samples: number[] = [];
  await onFreshPages(browser, 1, async (page) => {
    await page.goto(`${served.address}/runs/${liveRun}`);
    await page.getByRole("banner").getByRole("status").filter({ hasText: "live" }).waitFor();
    for (let step = 2; step < commits + 2; step++) {
      const isShown = `document.querySelector("main [aria-label=Stages]")?.textContent.includes("${step} of ")`;
      const shown = page.evaluate<number>(
        `(async () => { while (!(${isShown})) await new Promise(requestAnimationFrame); return Date.now(); })()`,
      );
      // Not in step with the page's own clock.
      await setTimeout(1500 * rng.uniform());
      const start = Date.now();
      await commitLiveStep(served.store, step);
      samples.push((await shown) - start);
    }
  });
  return [{ name: "commit to screen", unit: "ms", samples, statistic: "p95", bar: 3000 }];
}
