import type { SystemView } from "@litmus/api";
import { experimentsOf } from "../runs/experiments.ts";
import type { LiveReads } from "../store-reads.ts";
import { allFailures, isFailing } from "./all-failures.ts";
import { searchedIndexes, usedModels } from "./searched-indexes.ts";

/** What is known of the process, besides its store. */
export interface ServerFacts {
  readonly version: string;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  /** Of the store, for people. */
  readonly storeEngine: string;
  /** Looks into the queue of the workers; null or undefined where rollouts are made in the training process. */
  readonly queue: (() => Promise<SystemView["queue"]>) | undefined;
}

/** The server, its store and its queue. A queue that does not answer is said, and hides nothing else. */
export async function systemView(reads: LiveReads, facts: ServerFacts): Promise<SystemView> {
  const catalogue = await reads.catalogue();
  const [sizeBytes, asked, failures] = await Promise.all([
    reads.store.sizeBytes(),
    askQueue(facts),
    allFailures(reads, catalogue),
  ]);
  const totals = catalogue.flatMap((each) => each.totals);
  return {
    server: {
      version: facts.version,
      node: process.versions.node,
      startedAt: facts.startedAt,
      rssBytes: process.memoryUsage.rss(),
      profile: asked.queue === null && asked.queueError === null ? "embedded" : "scale",
    },
    store: {
      engine: facts.storeEngine,
      sizeBytes,
      runs: experimentsOf(catalogue).length,
      trajectories: totals.reduce((sum, each) => sum + each.trajectories, 0),
      failed: totals.filter(isFailing).reduce((sum, each) => sum + each.failed, 0),
    },
    ...asked,
    failures,
    indexes: searchedIndexes(catalogue),
    models: usedModels(catalogue),
  };
}

async function askQueue({ queue }: ServerFacts): Promise<Pick<SystemView, "queue" | "queueError">> {
  if (queue === undefined) return { queue: null, queueError: null };
  try {
    return { queue: await queue(), queueError: null };
  } catch (cause) {
    return { queue: null, queueError: cause instanceof Error ? cause.message : String(cause) };
  }
}
