import { LitmusError, type StoredTrajectory } from "@litmus/core";
import type { RunContext } from "../run/run-context.ts";

interface FailureCount {
  /** Episodes that failed, or whose scoring did. */
  readonly failed: readonly StoredTrajectory[];
  /** Episodes of the step or evaluation. */
  readonly total: number;
}

/** @throws LitmusError `gate-failed` when more of a step's or an evaluation's episodes failed than the config allows */
export function checkLimits(context: Pick<RunContext, "config">, { failed, total }: FailureCount): void {
  const last = failed.at(-1);
  const limit = context.config.limits.failureShare;
  if (last === undefined || failed.length <= limit * total) return;
  const { outcome } = last.trajectory;
  const failure = outcome.type === "failed" ? outcome.failure : last.rewardFailure;
  const { stage, step } = last.key;
  throw new LitmusError(
    "gate-failed",
    `${failed.length} of ${total} episodes of ${stage} step ${step} failed, and at most ${Math.floor(limit * total)} may ` +
      `(${failure?.boundary}/${failure?.code}: ${failure?.message})`,
    {
      path: "limits.failureShare",
      hint: "mend the cause and run the same command: what was finished is kept, and failed episodes are made again",
      retryable: true,
    },
  );
}
