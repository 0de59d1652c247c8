import { LitmusError, type RolloutQueue } from "@litmus/core";
import type { ExperimentConfig } from "@litmus/experiment";
import { createInProcessQueue, openBullMqQueue } from "@litmus/queue";
import { environment } from "../environment.ts";
import type { Reporter } from "../output/reporter.ts";

/** Where the groups of a run wait, and who makes them. */
export interface OpenQueue extends AsyncDisposable {
  readonly queue: RolloutQueue;
  /** Whether the process that trains makes the groups itself. */
  readonly worksOnQueue: boolean;
}

type QueueConfig = Pick<ExperimentConfig, "name" | "queue">;

/** The queue that a config names. */
export async function openQueue(config: QueueConfig, reporter: Reporter): Promise<OpenQueue> {
  if (config.queue.engine === "in-process") return openOwnQueue();
  const queue = await openWorkersQueue(config, reporter);
  const stopWatching = watchForWorkers(queue, reporter);
  return {
    queue,
    worksOnQueue: false,
    [Symbol.asyncDispose]: async () => {
      stopWatching();
      await queue.close();
    },
  };
}

/** For one process alone. Failures of its own parts would meet a second attempt too. */
export function openOwnQueue(): OpenQueue {
  const queue = createInProcessQueue({ attempts: 1 });
  return { queue, worksOnQueue: true, [Symbol.asyncDispose]: () => queue.close() };
}

/** The queue that workers share. @throws LitmusError `invalid-config` for an experiment whose groups no worker makes */
export async function openWorkersQueue(
  { name, queue: config }: QueueConfig,
  reporter: Reporter,
): Promise<RolloutQueue> {
  if (config.engine === "in-process")
    throw new LitmusError("invalid-config", `the groups of ${name} are made by the process that trains it`, {
      path: "queue.engine",
      hint: "workers take groups of experiments with queue.engine: bullmq",
    });
  return openBullMqQueue({
    url: environment.named(config.urlVariable, "queue.urlVariable"),
    name,
    attempts: config.attempts,
    lockMs: config.lockMs,
    stalledCheckMs: Math.ceil(config.lockMs / 2),
    outageMs: config.outageMs,
    onNotice: ({ message }) => reporter.note(message),
  });
}

const watchEveryMs = 15_000;

/** Tells people when groups wait and nobody is there to make them. @returns ends it */
function watchForWorkers(queue: RolloutQueue, reporter: Reporter): () => void {
  let wasTold = false;
  const look = async (): Promise<void> => {
    const { waiting, workers } = await queue.overview();
    const isAlone = waiting > 0 && workers.length === 0;
    if (isAlone && !wasTold) reporter.note("groups wait, and no worker takes them: start litmus worker <config>");
    wasTold = isAlone;
  };
  // Of a server that is away the queue tells itself.
  const timer = setInterval(() => void look().catch(() => undefined), watchEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
