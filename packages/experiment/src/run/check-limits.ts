import { LitmusError, type StoredTrajectory } from "@litmus/core";
import type { RunContext } from "./run-context.ts";

/** @throws LitmusError `gate-failed` when more episodes of a step failed than the config allows */
export function checkLimits(context: RunContext, stage: string, entries: readonly StoredTrajectory[]): void {
  const failed = entries.filter((entry) => entry.reward === null);
  const share = failed.length / Math.max(1, entries.length);
  if (share <= context.config.limits.failureShare) return;
  const first = failed[0];
  const outcome = first?.trajectory.outcome;
  const failure = outcome?.type === "failed" ? outcome.failure : first?.rewardFailure;
  throw new LitmusError(
    "gate-failed",
    `${failed.length} of ${entries.length} episodes of ${stage} failed (${failure?.boundary}/${failure?.code}: ${failure?.message})`,
    {
      path: "limits.failureShare",
      hint: "mend the cause and run the same command: what was stored is kept",
      retryable: true,
    },
  );
}
