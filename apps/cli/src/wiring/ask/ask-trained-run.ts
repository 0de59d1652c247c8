import { notice, type AskOptions } from "@litmus/api";
import { LitmusError, type RunId, type TrajectoryStore } from "@litmus/core";
import { answerQuestion } from "./answer-question.ts";
import type { AskContext } from "./ask-episode.ts";
import type { AskService } from "@litmus/server";

export interface TrainedRun {
  readonly runId: RunId;
  readonly store: TrajectoryStore;
  /** Null until the model is loaded. */
  readonly context: () => AskContext | null;
}

/** Asks the policy of a run as it is now, in the process that trains it: its episodes share the sampler with the run's own. */
export function askTrainedRun({ runId, store, context }: TrainedRun): AskService {
  const current = (policy: AskContext["policy"]): AskOptions["policies"][number] => {
    const { version } = policy.identity();
    return {
      id: `${runId}:${version}`,
      label: version === 0 ? `${runId}, the base policy` : `${runId}, version ${version}`,
      runId,
      version,
      exactMatch: null,
    };
  };
  return {
    options: async () => {
      const loaded = context();
      return loaded === null
        ? { policies: [], reason: notLoaded, notice }
        : { policies: [current(loaded.policy)], reason: null, notice };
    },
    ask: async ({ question, policy }, emit, signal) => {
      const loaded = context();
      if (loaded === null)
        throw new LitmusError("unavailable", notLoaded, { hint: "ask again later", retryable: true });
      // Its version may have moved on since the page was told.
      if (policy !== undefined && !policy.startsWith(`${runId}:`))
        throw new LitmusError("conflict", `while ${runId} is trained, its own policy alone answers`, {
          hint: "ask that one, or wait until the run has ended",
        });
      await answerQuestion(loaded, question, { emit, signal, store: async () => store });
    },
  };
}

const notLoaded = "the run's model is being loaded";
