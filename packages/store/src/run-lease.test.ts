import type { PGlite } from "@electric-sql/pglite";
import { runId } from "@litmus/core";
import type { LitmusError } from "@litmus/core";
import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { takeRunLease } from "./run-lease.ts";
import type { LeaseOptions } from "./run-lease.ts";
import * as schema from "./schema.ts";
import { startInMemory } from "./start-pglite.ts";
import { createManualTiming } from "./testing/manual-timing.ts";
import type { ManualTiming } from "./testing/manual-timing.ts";

describe("run lease", () => {
  const id = runId("run-1");
  let pglite: PGlite;
  let use: LeaseOptions["use"];
  beforeAll(async () => {
    pglite = await startInMemory();
    await migrate(pglite);
    const database = drizzle(pglite, { schema });
    use = (work) => work(database);
  });
  afterAll(() => pglite.close());
  beforeEach(() => pglite.query("DELETE FROM run_leases"));

  const options = ({ timing }: ManualTiming): LeaseOptions => ({
    runId: id,
    leaseMs: 3_600_000,
    renewEveryMs: 1000,
    timing,
    use,
  });
  const expire = (): Promise<unknown> => pglite.query("UPDATE run_leases SET expires_at = now() - interval '1 second'");
  const aborted = (signal: AbortSignal): Promise<LitmusError> =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason as LitmusError)));

  it("is refused as soon as its holder renews it, with the holder's name", async () => {
    const [holder, other] = [createManualTiming(), createManualTiming()];
    const lease = await takeRunLease(options(holder));
    const taking = takeRunLease(options(other)).catch((error: unknown) => error as LitmusError);
    await other.untilWaiting();
    other.pass(1000);
    await other.untilWaiting();
    expect(other.waits).toEqual([1000, 1000]);
    holder.pass(1000);
    // The renewal is done when its holder waits for the next.
    await holder.untilWaiting();
    other.pass(1000);
    expect(await taking).toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`run-1 is being trained by process ${process.pid} on `),
      hint: expect.stringMatching(/free in \d+ s$/),
    });
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
    expect((await pglite.query("SELECT FROM run_leases")).rows).toEqual([]);
  });

  it("goes to another process when it has ended, and its holder hears of it", async () => {
    const [holder, other] = [createManualTiming(), createManualTiming()];
    const lease = await takeRunLease(options(holder));
    const taking = takeRunLease(options(other));
    await other.untilWaiting();
    await expire();
    other.pass(1000);
    const taken = await taking;
    const lost = aborted(lease.lost);
    holder.pass(1000);
    expect(await lost).toMatchObject({ code: "conflict", message: expect.stringContaining("taken over") });
    // The release of a lost lease leaves the new holder's alone.
    await lease.release();
    expect((await pglite.query("SELECT FROM run_leases")).rows).toHaveLength(1);
    await taken.release();
    expect(taken.lost.aborted).toBe(false);
  });

  it("is free at once when it is released, and outlives its end while nobody takes it", async () => {
    const first = createManualTiming();
    const lease = await takeRunLease(options(first));
    await expire();
    first.pass(1000);
    await first.untilWaiting();
    const { rows } = await pglite.query("SELECT FROM run_leases WHERE expires_at > now()");
    expect(rows).toHaveLength(1);
    await lease.release();
    const second = createManualTiming();
    const next = await takeRunLease(options(second));
    expect(second.waits).toEqual([1000]);
    await next.release();
  });

  it.each<[string, () => Promise<never>]>([
    ["refuses", () => Promise.reject(new Error("refused"))],
    ["says nothing", () => new Promise<never>(() => undefined)],
  ])("is lost at its end when the server %s until then", async (_name, answer) => {
    const manual = createManualTiming();
    let isAway = false;
    const lease = await takeRunLease({
      ...options(manual),
      leaseMs: 2500,
      use: (work) => (isAway ? answer() : use(work)),
    });
    isAway = true;
    let passedMs = 0;
    while (!lease.lost.aborted) {
      manual.pass(500);
      passedMs += 500;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(passedMs).toBe(2500);
    expect(lease.lost.reason).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("did not answer in time"),
    });
  });
});
