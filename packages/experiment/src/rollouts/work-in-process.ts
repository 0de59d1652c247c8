import { ConcurrencyLimit, LitmusError } from "@litmus/core";
import type { RunContext } from "../run/run-context.ts";
import { makeGroup, type GroupMaker } from "./make-group.ts";

/** What a process makes its own groups with. */
export type OwnWork = Omit<GroupMaker, "config" | "policyAt" | "inTurn"> &
  Pick<RunContext, "config" | "queue" | "policy" | "clock" | "unlessPaused">;

/** Makes the queue's groups in this process while `use` runs: the embedded profile's worker. */
export async function workInProcess<T>(context: OwnWork, use: () => Promise<T>): Promise<T> {
  const { slots } = context.config.policy;
  const ended = new AbortController();
  const maker = makerOf(context, slots);
  const options = { concurrency: slots, signal: ended.signal };
  const working = context.queue.work(
    (job, attempt) => context.unlessPaused(() => makeGroup(maker, job, attempt)),
    options,
  );
  try {
    return await use();
  } finally {
    ended.abort();
    await working;
  }
}

function makerOf(context: OwnWork, slots: number): GroupMaker {
  const limit = new ConcurrencyLimit(slots, context.clock);
  return {
    ...context,
    policyAt: async (version) => {
      const current = context.policy.identity().version;
      if (current === version) return context.policy;
      throw new LitmusError("bug", `a group of version ${version} was asked of the policy at version ${current}`);
    },
    inTurn: (episode) => limit.run(episode),
  };
}
