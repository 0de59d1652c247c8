import type { LeaderboardEntry } from "@litmus/api";
import type { RunId } from "@litmus/core";
import { evaluatedVersion } from "../run/run-evaluations.ts";
import type { StoreReads } from "../store-reads.ts";

/** The entry with the version that was scored, and its adapter's hash: read of the runs that are shown alone. */
export async function withCheckpoint(reads: StoreReads, entry: LeaderboardEntry): Promise<LeaderboardEntry> {
  if (entry.kind !== "trained") return { ...entry, version: 0 };
  const runId = entry.runId as RunId;
  const checkpoints = await reads.remember(runId, "checkpoints", () => reads.store.checkpoints(runId));
  const version = evaluatedVersion(entry, checkpoints);
  const checkpoint = checkpoints.find(({ state }) => state.version === version)?.state.adapterSha256 ?? null;
  return { ...entry, version, hashes: { ...entry.hashes, checkpoint } };
}
