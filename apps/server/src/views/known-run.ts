import { LitmusError, type RunId, type RunRecord } from "@litmus/core";
import type { StoreReads } from "./store-reads.ts";

/** The run of an id. @throws LitmusError `not-found` when there is none */
export async function knownRun(reads: StoreReads, runId: RunId): Promise<RunRecord> {
  const run = await reads.remember(runId, "run", () => reads.store.run(runId));
  if (run === null) throw new LitmusError("not-found", "there is no such run", { hint: "the leaderboard lists them" });
  return run;
}

/** All runs, newest first. */
export const allRuns = async (reads: StoreReads): Promise<RunRecord[]> =>
  (await reads.catalogue()).map(({ run }) => run);
