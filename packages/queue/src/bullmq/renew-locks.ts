import { setTimeout } from "node:timers/promises";
import type { Worker } from "bullmq";
import { attemptLost, type LiveAttempt, type LiveAttempts } from "./live-attempts.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { isOutage } from "./redis-outage.ts";

export interface LockRenewal {
  readonly worker: Worker;
  readonly attempts: LiveAttempts;
  readonly settings: QueueSettings;
}

/**
 * Renews the locks of a worker's attempts until the signal; an attempt whose lock is gone is aborted. BullMQ's own renewal goes by
 * job, and mixes up two attempts at one job in one process.
 */
export async function renewLocksUntilAborted(renewal: LockRenewal, signal: AbortSignal): Promise<void> {
  const { worker, attempts, settings } = renewal;
  while (!signal.aborted) {
    await setTimeout(settings.lockMs / 3, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await Promise.all(attempts.of(worker.opts.name ?? "").map((attempt) => renew(renewal, attempt)));
  }
}

async function renew({ worker, settings }: LockRenewal, { jobId, token, controller }: LiveAttempt): Promise<void> {
  if (controller.signal.aborted) return;
  try {
    const refused = await worker.extendJobLocks([jobId], [token], settings.lockMs);
    if (refused.length === 0 || controller.signal.aborted) return;
    settings.onNotice({ type: "lock-lost", message: `this process has lost job ${jobId}` });
    controller.abort(attemptLost(jobId));
  } catch (error) {
    if (!isOutage(error)) settings.onNotice({ type: "refused", message: `a lock: ${String(error)}` });
  }
}
