import type { AskResult } from "@litmus/agent";
import { runId, sha256, systemClock, trajectoryId, type RolloutKey, type TrajectoryStore } from "@litmus/core";

/** Where asked questions are kept. */
export const askRun = runId("ask");

export type AnswerStore = Pick<TrajectoryStore, "run" | "saveRun" | "rolloutKeys" | "saveTrajectories">;

/** Stores an episode under the run `ask`. @returns its trajectory's id */
export async function storeAnswer(store: AnswerStore, { trajectory }: AskResult): Promise<string> {
  await registerAskRun(store);
  for (let group = (await store.rolloutKeys({ runId: askRun })).length; ; group++) {
    const key: RolloutKey = { runId: askRun, stage: "ask", step: 0, purpose: "ask", group, member: 0 };
    const entry = { id: trajectoryId(key), key, problemId: null, trajectory, reward: null, rewardFailure: null };
    const [result] = await store.saveTrajectories([entry]);
    if (result === "stored") return entry.id;
  }
}

async function registerAskRun(store: AnswerStore): Promise<void> {
  if ((await store.run(askRun)) !== null) return;
  await store.saveRun({
    id: askRun,
    name: "ask",
    status: "finished",
    configHash: sha256("ask"),
    config: {},
    manifest: {},
    createdAt: systemClock.timestamp(),
    finishedAt: null,
  });
}
