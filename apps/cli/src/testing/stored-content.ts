import { runId, type TrajectoryStore } from "@litmus/core";
import { withoutTimes } from "@litmus/testing";

/** All that a run stored, apart from times: what a disturbed run must have in common with an undisturbed one. */
export async function storedContent(store: TrajectoryStore, id: string) {
  const run = runId(id);
  const trajectories = await store.trajectories({ runId: run });
  return {
    status: (await store.run(run))?.status,
    trajectories: trajectories.map(withoutTimes),
    trained: await Promise.all(trajectories.map((entry) => store.trained(entry.id))),
    versions: await store.policyVersions(run),
    checkpoints: (await store.checkpoints(run)).map(({ createdAt: _createdAt, ...checkpoint }) => checkpoint),
    metrics: (await store.metrics(run)).filter(({ stage, name }) => stage !== "run" && name !== "seconds"),
    evaluations: await store.evaluations(run),
  };
}
