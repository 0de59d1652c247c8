import type { SystemView } from "@litmus/api";
import type { DeadJob, RolloutQueue } from "@litmus/core";
import { experimentSchema, type ExperimentConfig } from "@litmus/experiment";
import type { StoreReader } from "@litmus/server";
import { z } from "zod";
import type { Reporter } from "../../output/reporter.ts";
import { openWorkersQueue } from "../open-queue.ts";

type QueueView = NonNullable<SystemView["queue"]>;

/** What waits in a queue, who works on it, and what was given up. */
export async function viewQueue(queue: RolloutQueue): Promise<QueueView> {
  const [overview, dead] = await Promise.all([queue.overview(), queue.deadJobs()]);
  return { engine: "BullMQ", ...overview, workers: [...overview.workers], deadJobs: dead.map(deadJobOf) };
}

function deadJobOf({ id, job, failure, attempts }: DeadJob): QueueView["deadJobs"][number] {
  const group =
    job === null ? id : `${job.group.runId} ${job.group.stage} step ${job.group.step} group ${job.group.group}`;
  return { id, group, code: failure.code, message: failure.message, attempts };
}

/** Looks into the queue of the newest run whose groups workers make. */
export interface QueueWatch extends AsyncDisposable {
  /** Null where no run has workers. @throws LitmusError `unavailable` while the queue's server is away */
  view(): Promise<QueueView | null>;
}

interface Watching {
  readonly reporter: Reporter;
  readonly open?: typeof openWorkersQueue;
}

/** Milliseconds that a look waits for a server that is away: whoever looks can look again, which a worker cannot. */
const longestLookMs = 5_000;

/** Connects to the queue when it is first looked into, and anew when the newest run has another. Looks at the same time are one. */
export function watchQueue(
  store: Pick<StoreReader, "runs">,
  { reporter, open = openWorkersQueue }: Watching,
): QueueWatch {
  let opened: { readonly name: string; readonly queue: RolloutQueue } | null = null;
  let looking: Promise<QueueView | null> | null = null;
  const close = async (): Promise<void> => {
    const before = opened;
    opened = null;
    await before?.queue.close();
  };
  const look = async (): Promise<QueueView | null> => {
    const config = await newestWithWorkers(store);
    if (opened?.name !== config?.name) await close();
    if (config === null) return null;
    opened ??= { name: config.name, queue: await open(impatient(config), reporter) };
    return viewQueue(opened.queue);
  };
  return {
    view: () => (looking ??= look().finally(() => (looking = null))),
    [Symbol.asyncDispose]: async () => {
      // Whoever looks is told of a failure.
      await looking?.catch(() => undefined);
      await close();
    },
  };
}

function impatient({ name, queue }: ExperimentConfig): Pick<ExperimentConfig, "name" | "queue"> {
  if (queue.engine !== "bullmq") return { name, queue };
  return { name, queue: { ...queue, outageMs: Math.min(queue.outageMs, longestLookMs) } };
}

const withWorkers = z.looseObject({ queue: z.looseObject({ engine: z.literal("bullmq") }) });

async function newestWithWorkers(store: Pick<StoreReader, "runs">): Promise<ExperimentConfig | null> {
  const run = (await store.runs()).find(({ config }) => withWorkers.safeParse(config).success);
  return experimentSchema.safeParse(run?.config).data ?? null;
}
