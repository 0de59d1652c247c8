import { runId } from "@litmus/core";
import { openMemoryStore } from "@litmus/store";
import { buildRun } from "@litmus/testing";
import { expect, it } from "vitest";
import { meterResources, readResources } from "./run-resources.ts";

const id = runId("run");

async function openRun() {
  const store = await openMemoryStore();
  await store.saveRun(buildRun({ id }));
  return store;
}

/** A process that used this much when it was last asked. */
function processOf(store: Awaited<ReturnType<typeof openRun>>) {
  let now = { seconds: 0, downloadSeconds: 0, peakRssGiB: 0 };
  const meter = meterResources({ store, runId: id, used: () => now });
  return { ...meter, use: (used: typeof now) => void (now = used) };
}

it("sums what processes used, also one that was killed after a mark, and keeps the highest peak", async () => {
  const store = await openRun();
  expect(await readResources(store, id)).toEqual({ seconds: 0, downloadSeconds: 0, peakRssGiB: 0 });
  const killed = processOf(store);
  killed.use({ seconds: 10, downloadSeconds: 4, peakRssGiB: 3 });
  killed.mark();
  killed.use({ seconds: 25, downloadSeconds: 4, peakRssGiB: 5 });
  killed.mark();
  await expect.poll(() => readResources(store, id)).toEqual({ seconds: 25, downloadSeconds: 4, peakRssGiB: 5 });
  const next = processOf(store);
  next.use({ seconds: 7, downloadSeconds: 0, peakRssGiB: 2 });
  await next.end();
  expect(await readResources(store, id)).toEqual({ seconds: 32, downloadSeconds: 4, peakRssGiB: 5 });
  await store.close();
});

it("counts later what a mark could not store, and says so only where the end cannot either", async () => {
  const store = await openRun();
  const saveMetrics = store.saveMetrics.bind(store);
  const meter = processOf(store);
  store.saveMetrics = () => Promise.reject(new Error("the disk is full"));
  meter.use({ seconds: 3, downloadSeconds: 0, peakRssGiB: 1 });
  meter.mark();
  await expect(meter.end()).rejects.toThrow("the disk is full");
  store.saveMetrics = saveMetrics;
  meter.use({ seconds: 5, downloadSeconds: 0, peakRssGiB: 1 });
  await meter.end();
  expect((await readResources(store, id)).seconds).toBe(5);
  await store.close();
});
