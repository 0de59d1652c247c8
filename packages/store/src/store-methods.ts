import type { TrajectoryStore } from "@litmus/core";

/** Every method of the port, by name: a message between threads can name no other. */
export const storeMethods = [
  "saveRun",
  "setRunStatus",
  "run",
  "runs",
  "saveProblems",
  "problem",
  "problems",
  "claimGroup",
  "saveTrajectories",
  "trajectory",
  "trajectories",
  "rolloutKeys",
  "summaries",
  "rolloutTotals",
  "trained",
  "removeTrajectories",
  "commitStep",
  "savePolicyVersion",
  "policyVersions",
  "checkpoints",
  "saveMetrics",
  "metrics",
  "metricCurves",
  "latestMetrics",
  "saveEvaluation",
  "evaluations",
  "evaluationsOf",
  "revisions",
  "sizeBytes",
  "close",
] as const satisfies readonly (keyof TrajectoryStore)[];

export type StoreMethod = keyof TrajectoryStore;

/** Calls a method by name. */
export type StoreCall = (method: StoreMethod, args: readonly unknown[]) => Promise<unknown>;

/** Calls by name on a store. */
export function callsOf(store: TrajectoryStore): StoreCall {
  return (method, args) => (store[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
}

/** A store of which every method is a call by name. */
export function storeOf(call: StoreCall): TrajectoryStore {
  const methods = storeMethods.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]);
  return Object.fromEntries(methods) as TrajectoryStore;
}

/** Lets calls under way finish before `close`; later ones are the closed store's business. */
export function drainBeforeClose(call: StoreCall): StoreCall {
  const underWay = new Set<Promise<unknown>>();
  return async (method, args) => {
    if (method === "close") await Promise.allSettled(underWay);
    const result = call(method, args);
    underWay.add(result);
    try {
      return await result;
    } finally {
      underWay.delete(result);
    }
  };
}
