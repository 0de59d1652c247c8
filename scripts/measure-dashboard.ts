/**
 * @file The dashboard's figures, in real Chromium on a seeded store: `node bin/run.mjs node scripts/measure-dashboard.ts [--json]`.
 * Prints each beside its bar and exits with 6 when one is missed. Takes some minutes; nothing else should run meanwhile.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { seedTools } from "../apps/dashboard/e2e/seed-tools.ts";
import { serveStore } from "../apps/dashboard/e2e/serve-seeded.ts";
import { createApiClient } from "../packages/api/src/index.ts";
import { openStore } from "../packages/store/src/index.ts";
import {
  longRunId,
  longTrajectory,
  seedLiveRun,
  seedLongRuns,
  seedLongTrajectory,
  seedManyRuns,
} from "../packages/testing/src/seed/index.ts";
import { measureCommitToScreen } from "./dashboard-figures/commit-to-screen.ts";
import { describeFigure, isMet, quantile, valueOf, type Figure } from "./dashboard-figures/figure.ts";
import { measureLongTrajectory } from "./dashboard-figures/long-trajectory.ts";
import { openChromium } from "./dashboard-figures/measured-page.ts";
import type { Measuring } from "./dashboard-figures/measuring.ts";
import { measureOverlay } from "./dashboard-figures/overlay.ts";
import { measureRunsPage } from "./dashboard-figures/runs-page.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string", default: "" } },
});
const gateFailed = 6;
const times = 5;
const [manyRuns, columns] = [1979, 30];
const [longRuns, steps] = [20, 10_000];
const note = (text: string): void => void process.stderr.write(`${text}\n`);

const directory = await mkdtemp(join(tmpdir(), "litmus-figures-"));
const store = await openStore({ directory });
try {
  const figures = await measureAll();
  if (values.json)
    console.log(JSON.stringify({ type: "figures", cores: availableParallelism(), figures: figures.map(toJson) }));
  else for (const figure of figures) console.log(describeFigure(figure));
  if (!figures.every(isMet)) process.exitCode = gateFailed;
} finally {
  await store.close();
  await rm(directory, { recursive: true });
}

async function measureAll(): Promise<Figure[]> {
  await seed();
  const served = await serveStore(store);
  const browser = await openChromium();
  const measuring: Measuring = { browser, served, times };
  const overlaid = Array.from({ length: longRuns }, (_, i) => longRunId(i));
  const parts: Readonly<Record<string, () => Promise<Figure[]>>> = {
    runs: async () =>
      measureRunsPage(measuring, { runs: manyRuns + longRuns + 2, address: await runsAddress(served.address) }),
    overlay: () => measureOverlay(measuring, `/compare?runs=${encodeURIComponent(JSON.stringify(overlaid))}`),
    trajectory: () => measureLongTrajectory(measuring, longTrajectory),
    commit: () => measureCommitToScreen(measuring, 50),
  };
  const figures: Figure[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (values.only !== "" && values.only !== name) continue;
    note(`measuring: ${name}`);
    figures.push(...(await measure()));
  }
  await browser.close();
  await served.stop();
  return figures;
}

/** Together 2,000 runs and more. */
async function seed(): Promise<void> {
  const seeding = { store, tools: seedTools };
  const start = performance.now();
  await seedManyRuns(seeding, { runs: manyRuns, metrics: columns });
  await seedLongRuns(seeding, { runs: longRuns, steps });
  await seedLongTrajectory(seeding, { turns: 200, tokens: 100_000 });
  await seedLiveRun(seeding);
  note(`seeded in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

/** All rows in one table, with all columns that there are, up to thirty. */
async function runsAddress(server: string): Promise<string> {
  const { columns: all } = await createApiClient({ baseUrl: server, token: () => null }).runs({ limit: 1 });
  return `/runs?columns=${encodeURIComponent(JSON.stringify(all.slice(0, columns).map(({ id }) => id)))}`;
}

function toJson(figure: Figure): Record<string, unknown> {
  const { name, unit, samples, statistic, bar } = figure;
  const [min, median, max] = [0, 0.5, 1].map((share) => quantile(samples, share));
  return {
    name,
    unit,
    n: samples.length,
    min,
    median,
    max,
    statistic,
    value: valueOf(figure),
    bar,
    isMet: isMet(figure),
  };
}
