import { createEpisodeAgent } from "@litmus/agent";
import { systemClock, type RunId, type TrajectoryStore } from "@litmus/core";
import type { ExperimentConfig, RunContext, RunEvent } from "@litmus/experiment";
import { createInProcessQueue } from "@litmus/queue";
import { createVerifier } from "@litmus/reward";
import type { Parts } from "./open-parts.ts";

interface ContextParts {
  readonly runId: RunId;
  readonly config: ExperimentConfig;
  /** Folder of the run. */
  readonly directory: string;
  readonly parts: Parts;
  readonly store: TrajectoryStore;
  readonly emit: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

/** What a run or an evaluation of it works with; its groups are made in this process. */
export function runContextOf({ parts, ...own }: ContextParts): RunContext {
  const { config, directory } = own;
  const verifier = createVerifier({ weights: config.reward });
  return {
    ...own,
    policy: parts.policy,
    retriever: parts.retriever,
    record: parts.record,
    problems: parts.problems,
    trainer: parts.trainer,
    importedAdapter: (path) => parts.importedAdapter(path, directory),
    // Failures of this process's own parts would meet a second attempt too.
    queue: createInProcessQueue({ attempts: 1 }),
    worksOnQueue: true,
    agents: {
      base: createEpisodeAgent({ prompt: config.agent.basePrompt }),
      trained: createEpisodeAgent({ prompt: config.agent.trainedPrompt }),
    },
    verify: (trajectory, { goldenAnswers, goldRecordIds }) => verifier.verify(trajectory, goldenAnswers, goldRecordIds),
    clock: systemClock,
  };
}
